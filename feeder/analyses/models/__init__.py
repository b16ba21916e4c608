"""Organizing models side by side."""
