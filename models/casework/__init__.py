"""Service cases: what is known of one when it is opened, and what became of those before it."""
