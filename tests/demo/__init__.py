"""Tests of the demo, as a new user would run it."""
