"""Locks, keys and access: fields and dialogs."""
