"""What a person agreed to share, with whom and for what."""
