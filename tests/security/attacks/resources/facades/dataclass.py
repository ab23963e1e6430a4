# Dataclasses without end.
# expect: ?

import dataclasses

kept = []
while True:

    @dataclasses.dataclass
    class A:
        x: int

    kept.append(A)
