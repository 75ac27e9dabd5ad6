"""Two decoded payloads side by side: trees, bytes, numbers and texts."""
