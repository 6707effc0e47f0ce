"""Learns which team resolves a case, and is judged beside where cases arrived and a look-up table."""
