"""The engine that opens tracks and takes steps; the case page; the worklist."""
