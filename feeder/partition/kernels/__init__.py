"""Compiled loops of the search. Arrays are checked before they come here and trusted inside."""
