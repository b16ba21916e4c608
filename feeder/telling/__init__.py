"""What readers are told: figures in words, sections of tables and sentences."""
