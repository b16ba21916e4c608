"""Organizing models: ways to group a district's schools that districts have tried.

One module a model; :mod:`feeder.planning.models.table` lists them. A model is a function of a
:class:`~feeder.planning.models.case.Case` that makes a plan, or says why there can be none.
"""
