"""The language in which the law of a track is written; pure Python, no input or output."""
