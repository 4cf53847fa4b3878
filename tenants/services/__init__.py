"""Writes: verbs that take the session and the actor; whoever calls commits."""
