"""What the scheduler finds, in the user's words and language."""
