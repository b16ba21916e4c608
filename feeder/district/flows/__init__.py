"""Who goes where next, as tables tell it."""
