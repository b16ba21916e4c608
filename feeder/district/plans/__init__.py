"""Today's plan and offices."""
