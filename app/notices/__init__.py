"""What needs somebody's attention, without personal data."""
