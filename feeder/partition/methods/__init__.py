"""Comparators: well-known ways to group schools, as they come, with no constraint sought.

Each clusters the schools of one zone; ``ground`` says what they see of a problem, ``divide`` runs
one of them over a whole problem, ``table`` lists them.
"""
