"""Measurements: each script prints a table and, last, one line `RESULT name=value …`."""
