"""Tools that know nothing of victims or law."""
