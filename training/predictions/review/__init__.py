"""Learns which invoices, or service cases where there are none, turn out badly, and judges it beside simple rules."""
