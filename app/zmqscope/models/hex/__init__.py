"""Bytes as hex, and what the bytes at one place may mean."""
