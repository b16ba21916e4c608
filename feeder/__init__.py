"""feeder plans communities of schools: contiguous, balanced, kindergarten to graduation."""
