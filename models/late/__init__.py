"""Late orders: the probability that a customer's order misses its promise, and why."""
