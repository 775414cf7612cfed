"""What watches over the data itself: requests of those it is about, breaches, and emergency access."""
