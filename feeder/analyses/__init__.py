"""One folder an analysis: what a plan or a district is asked, and what comes of it."""
