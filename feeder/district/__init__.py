"""Reading, checking and repairing a district folder."""
