"""The right to stay: the recovery and reflection period."""
