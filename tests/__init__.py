"""Tests: sentences about what Clearhold does."""
