"""The rate plot without a widget."""
