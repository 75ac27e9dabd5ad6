"""What is talked about: topics with live figures."""
