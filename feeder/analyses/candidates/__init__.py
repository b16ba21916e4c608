"""Plans that are good and different."""
