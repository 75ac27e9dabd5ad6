from collections.abc import Iterator

class ArrowException(Exception): ...

class Buffer:
    def slice(self, offset: int = ..., length: int | None = ...) -> Buffer: ...

class BufferReader:
    def __init__(self, buffer: Buffer) -> None: ...

def py_buffer(obj: bytes) -> Buffer: ...

class DataType:
    unit: str
    tz: str | None
    def field(self, i: int) -> Field: ...

class Field:
    name: str
    type: DataType

class Schema:
    def __iter__(self) -> Iterator[Field]: ...
    def __len__(self) -> int: ...

class Array:
    type: DataType
    null_count: int
    def __len__(self) -> int: ...
    def __getitem__(self, key: int) -> Scalar: ...

class Scalar:
    type: DataType
    is_valid: bool
    def as_py(self) -> object: ...

class ListScalar(Scalar):
    values: Array

class StructScalar(Scalar):
    def __len__(self) -> int: ...
    def __getitem__(self, key: int) -> Scalar: ...

class ExtensionScalar(Scalar):
    value: Scalar

class UnionScalar(Scalar):
    value: Scalar

class RunEndEncodedScalar(Scalar):
    value: Scalar

class IndexScalar(Scalar):
    def as_py(self) -> int: ...

class DictionaryScalar(Scalar):
    index: IndexScalar
    dictionary: Array

class TimestampScalar(Scalar):
    value: int

class Date32Scalar(Scalar):
    value: int

class Date64Scalar(Scalar):
    value: int

class Time32Scalar(Scalar):
    value: int

class Time64Scalar(Scalar):
    value: int

class DurationScalar(Scalar):
    value: int

class RecordBatch:
    num_rows: int
    num_columns: int
    schema: Schema
    def column(self, i: int) -> Array: ...
    def validate(self, *, full: bool = ...) -> None: ...

class RecordBatchReader:
    schema: Schema
    def read_next_batch(self) -> RecordBatch: ...
