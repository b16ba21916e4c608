"""Every dollar of a formula."""
