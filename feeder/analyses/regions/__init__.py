"""Regions of communities with a headquarters each."""
