"""Many plans, and what they say about one."""
