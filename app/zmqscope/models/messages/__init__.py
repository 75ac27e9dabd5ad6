"""The table of all messages: which rows, and what each says."""
