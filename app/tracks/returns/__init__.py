"""Going back, where somebody wishes it: looked at before, never in danger, followed up afterwards."""
