"""Socket options as a form: a row for each, in groups that open, found by a search."""
