"""Where the offices of a plan stand."""
