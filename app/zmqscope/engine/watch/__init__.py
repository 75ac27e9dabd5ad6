"""Who is at the other end: peers, their processes, their subscriptions."""
