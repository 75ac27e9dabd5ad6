"""The part of llvmlite that this project uses; llvmlite itself ships no types."""
