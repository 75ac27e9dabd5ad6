"""Sockets, poll loop, monitors and jobs: everything that touches ZeroMQ, without Qt."""
