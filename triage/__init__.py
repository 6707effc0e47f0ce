"""Triage: decides what may clear and what waits for a person, and keeps the queue of those that wait."""
