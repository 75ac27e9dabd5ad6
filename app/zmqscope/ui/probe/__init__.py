"""What answers at an endpoint."""
