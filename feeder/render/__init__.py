"""The shareable map, tables and GIS files."""
