from collections.abc import Sequence

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

def Array(dtype: Type, ndim: int, layout: str) -> Type: ...
def Tuple(types: Sequence[Type]) -> Type: ...

class ExternalFunction:
    def __init__(self, symbol: str, sig: Signature) -> None: ...
    def __call__(self, *arguments: int | np.int32) -> int: ...
