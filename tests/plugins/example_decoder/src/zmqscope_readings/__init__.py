"""Shows our sensors' readings in ZMQ Scope."""
