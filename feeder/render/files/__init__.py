"""Files for the desk and for other programs."""
