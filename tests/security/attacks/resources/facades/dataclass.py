# Dataclasses without end.
# expect: limit.cpu_time

import dataclasses

kept = []
while True:

    @dataclasses.dataclass
    class A:
        x: int

    kept.append(A)
