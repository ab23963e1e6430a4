# A field whose name Python reads as another one.
# expect: script.runtime
# reaches: _TypedDictMeta
# offending: _＿class＿＿
# allowed: name

import dataclasses, typing

T = typing.TypedDict('T', {'_＿class＿＿': int})
found = dataclasses.dataclass(init=False)(T)
