"""The embedded demo: real peers in a child process, and the parent's hold on that child."""
