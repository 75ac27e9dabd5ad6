from collections.abc import Iterator, Sequence

import numpy as np

class Type:
    def __call__(self, *arguments: Type) -> Signature: ...

class Signature: ...

int8: Type
uint8: Type
int32: Type
uint32: Type
int64: Type
uint64: Type
boolean: Type
void: Type
voidptr: Type
pyobject: Type

class BaseTuple(Type):
    def __iter__(self) -> Iterator[Type]: ...

class Array(Type):
    def __init__(self, dtype: Type, ndim: int, layout: str) -> None: ...

class MemInfoPointer(Type):
    def __init__(self, dtype: Type) -> None: ...

def Tuple(types: Sequence[Type]) -> Type: ...

class ExternalFunction:
    def __init__(self, symbol: str, sig: Signature) -> None: ...
    def __call__(self, *arguments: int | np.int32) -> int: ...
