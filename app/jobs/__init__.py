"""Work that no person asked for: deadline sweep and sealing."""
