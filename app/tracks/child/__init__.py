"""What a child has besides: the guardian."""
