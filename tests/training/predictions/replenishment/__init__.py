"""The back-test of replenishment."""
