"""The report: a plan's scorecard to read, print and hand out."""
