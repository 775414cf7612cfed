"""What happened, who did it and why: a tree of events that cannot be changed unseen."""
