"""What to order of an item at a place: demand and lead times as simulated sums, and the levels that cost least."""
