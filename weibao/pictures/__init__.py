"""Photos that were sent, drawn anew so that nothing but the picture is left."""
