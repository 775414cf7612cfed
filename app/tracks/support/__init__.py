"""Help and safety: needs and risks, a safe place."""
