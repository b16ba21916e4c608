"""Many plans under one recipe: Markov chains over the feasible partitions of a problem."""
