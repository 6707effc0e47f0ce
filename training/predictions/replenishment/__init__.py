"""Training and back-test of replenishment: what the house's demand is like, and what its decisions would have cost."""
