"""The socket options that a spec can set, a module for each group. Pure data, any thread."""
