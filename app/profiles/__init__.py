"""National law as data: lengths, grounds, roles, holidays."""
