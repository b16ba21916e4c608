"""What may leave the desk."""
