"""From the framing of one connection into that of another: ZMTP frames and WebSocket messages."""
