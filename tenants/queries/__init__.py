"""Reads: each returns rows or frozen views, inside the session's scope."""
