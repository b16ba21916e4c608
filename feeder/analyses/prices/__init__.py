"""What each step of a limit costs."""
