"""The doctor: rules over what was seen of a socket, and what they find."""
