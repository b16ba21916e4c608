"""The heart: partitions of a graph under promises. Arrays in, arrays out."""
