"""Constraints: what a plan promises, one module a constraint or a family that truly is one.

A constraint is an object (:class:`~feeder.planning.constraints.contract.Constraint`): what of a
scenario cannot be read on a district, why it cannot hold, its fields of the partition problem, its
check on a finished plan, and what the page is told to check it too. ``table.py`` lists them in the
order in which they are reported. Their sentences stand in ``language/*/constraints.json``, their
keys in :class:`~feeder.scenario.Scenario`, and their checks on the page in
``render/assets/page/arithmetic/constraints/``.
"""
