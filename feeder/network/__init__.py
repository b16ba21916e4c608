"""Tiles, contacts and feeder flows: the district as a graph."""
