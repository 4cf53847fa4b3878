"""One blueprint for each noun; a view reads a form, calls one service or query, and renders."""
