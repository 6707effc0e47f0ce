"""Replenishment: sums of simulated demand, lead times, the cheapest levels."""
