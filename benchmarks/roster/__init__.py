"""Rosters of the scheduler and of its peers on the same problems, judged by the same outside program."""
