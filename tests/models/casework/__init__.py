"""Service cases: the order in which things became known, and counts that forget."""
