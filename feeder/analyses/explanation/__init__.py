"""Why a school is where it is."""
