from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass
class Node:
    value: int
    next: Node | None = None
    children: list[Node] = field(default_factory=list)
    count: ClassVar[int] = 0

    def __len__(self) -> int:
        return 1 + (len(self.next) if self.next else 0)


chain = Node(1, Node(2, Node(3)))
print(chain, len(chain))
return chain
