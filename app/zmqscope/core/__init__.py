"""What the product knows without Qt and without ZeroMQ: values, columns, parsers."""
