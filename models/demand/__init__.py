"""Demand of items at places: what is to be expected over the next weeks, and which actuals are odd."""
