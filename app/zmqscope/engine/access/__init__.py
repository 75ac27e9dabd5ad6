"""The ZAP authenticator (RFC 27): who may come in, and who asks."""
