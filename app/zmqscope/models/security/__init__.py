"""Locks, keys and access lists as forms and dialogs hold them."""
