"""Files as they come, made tables of text."""
