"""Bytes in, meaning out: decoders, compression layers, guesses and field paths. No Qt, no zmq."""
