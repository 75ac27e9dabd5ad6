"""The composer: writes messages and sends them."""
