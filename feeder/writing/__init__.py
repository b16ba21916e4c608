"""Files that leave: tables as text, a file or a folder whole or not at all."""
