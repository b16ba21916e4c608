"""The schools: who they are, where they stand, which grades they teach."""
