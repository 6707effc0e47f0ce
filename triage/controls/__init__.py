"""The controls: deterministic rules, each a pure function with a permanent code, independent of one another."""
