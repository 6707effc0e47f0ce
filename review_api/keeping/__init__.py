"""Keeping what was received: backup and restore, encryption of what is stored, and its end after a retention period."""
