"""Layers of land: areas, outlines, residents, and what readers find their way by."""
