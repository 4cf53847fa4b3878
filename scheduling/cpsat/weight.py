"""The medium score of a list of tasks, and of what a roster leaves out."""

from collections.abc import Iterable

from scheduling.problem import Assignment, Problem


def weight_of(problem: Problem, tasks: Iterable[str]) -> int:
    """The weight of some tasks, by their ids."""
    return sum(problem.task_of[task].priority.weight for task in tasks)


def unserved_weight(problem: Problem, assignments: Iterable[Assignment]) -> int:
    """The medium score of a roster."""
    return weight_of(problem, problem.task_of.keys() - {assignment.task for assignment in assignments})
