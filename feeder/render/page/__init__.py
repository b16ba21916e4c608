"""The one file to mail: what it is told, and how it is put together."""
