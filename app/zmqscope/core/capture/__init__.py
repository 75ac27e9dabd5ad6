"""The columns that everything reads: segments, the store, counters and rate bins."""
