"""One folder an analysis."""
