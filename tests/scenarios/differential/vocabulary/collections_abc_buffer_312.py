# python: >=3.12
from collections.abc import Buffer

[isinstance(v, Buffer) for v in (b"", bytearray(), "", [])]
