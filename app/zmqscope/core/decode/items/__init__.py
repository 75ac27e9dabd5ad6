"""What formats of self-describing items have in common: MessagePack, CBOR and others."""
