"""What ``district.toml`` says."""
