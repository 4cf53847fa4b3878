"""What a calendar's question costs: nothing is new (304), or a hundred events (200)."""
