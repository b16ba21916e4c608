"""Many plans of a district: drawn, kept, checked, and what they say about one plan or school."""
