"""Figures of the schools: statistics, goals, money."""
