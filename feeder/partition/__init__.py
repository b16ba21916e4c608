"""The heart: partitions of a graph under constraints. Arrays in, arrays out."""
