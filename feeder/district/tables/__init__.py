"""Tables of text, made columns of values."""
