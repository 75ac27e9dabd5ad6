"""The message table: everything captured, newest at the bottom."""
