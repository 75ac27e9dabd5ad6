# What the layers use of lz4, which ships no types.
