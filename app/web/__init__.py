"""The shell every page hangs in."""
