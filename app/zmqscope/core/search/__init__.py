"""Search over the store: what is asked, how rows are looked at, and the job that does it."""
