"""The generator: sends the composer's message very often, and shows how it goes."""
