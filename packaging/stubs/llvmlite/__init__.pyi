"""The part of llvmlite that this project uses; llvmlite itself ships no types."""

from llvmlite import binding as binding
from llvmlite import ir as ir
