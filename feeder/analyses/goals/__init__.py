"""Goals, and the schools at the bottom."""
