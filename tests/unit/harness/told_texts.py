"""What a model is told in each form and tier, kept in `tests/data/instructions/` to be read and compared.

`python -m tests.unit.harness.told_texts` writes the files anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from harness import Harness, Tool, tool

FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "instructions"
FORMS: Final[tuple[Literal["tags", "native"], ...]] = ("tags", "native")
TIERS: Final = {"full": None, "signatures": 2600, "names": 1700}
"""The budget in tokens that leads to each tier."""


class Order(BaseModel):
    """An order of a customer."""

    id: str
    state: Literal["open", "sent", "returned"] = Field(description="How far it is.")
    items: list[str] = []


def tools() -> list[Tool]:
    """A small shop, and a server of a thousand words."""

    @tool(name="shop.orders")
    async def orders(
        customer: Annotated[str, Field(description="Number of the customer.")],
        limit: Annotated[int, Field(ge=1, le=100, description="How many at most, the latest first.")] = 20,
    ) -> list[Order]:
        """List the orders of a customer.

        Orders older than two years are in the archive.
        """
        return []

    @tool(name="shop.refund", risk="write", approval="always")
    async def refund(order: Order, reason: str = "") -> bool:
        """Pay an order back."""
        return True

    @tool
    async def today() -> str:
        """Return the date, as 2026-11-26."""
        return "2026-11-26"

    return [today, orders, refund, *(_reader(number) for number in range(24))]


def _reader(number: int) -> Tool:
    async def handle(arguments: object) -> object:
        return arguments

    description = f"Read shelf {number} of the library. " + "Books stand in the order of their authors. " * 8
    properties = {"from": {"type": "string", "description": "First author."}, "to": {"type": "string"}}
    schema = {"type": "object", "properties": properties, "required": ["from"], "additionalProperties": False}
    return Tool(f"mcp.library.shelf_{number}", description, schema, handle, returns={"type": "object"})


def render(form: Literal["tags", "native"], tier: str) -> str:
    """What the shop's model is told."""
    return Harness(tools()).instructions(form=form, budget_tokens=TIERS[tier])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for form in FORMS:
        for tier in TIERS:
            (FOLDER / f"{form}-{tier}.md").write_text(render(form, tier), encoding="utf-8")
