"""Opening what is there: a district under a scenario, plans made here or elsewhere."""
