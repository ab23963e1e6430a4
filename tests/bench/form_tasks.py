"""Tasks that are done twice: by a model that makes structured calls, and by one that writes a script.

A model is written down here: what it sends after what it was sent. A structured model puts all calls into one response that do not
need each other's results, as the models of today do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import Tool, tool

Wanted = tuple[str, dict[str, object]]
Structured = Generator[Sequence[Wanted], list[Any], str]
"""Yields the calls of a response, is sent their results, and returns the last answer."""

TOOL_LATENCY_S = 0.05
LINES = 60


@dataclass(frozen=True)
class Task:
    """What is to be done, and how each form does it.

    Attributes:
        name: A row of the table.
        request: What the user asks for.
        structured: The model that makes structured calls.
        script: The script that the other model writes. Its value is that model's last answer, as text.
    """

    name: str
    request: str
    structured: Callable[[], Structured]
    script: str


def write_files(folder: Path) -> None:
    """Write what the tasks work on: twelve logs, and ten files of settings."""
    for month in range(1, 13):
        rows = (
            f"2026-{month:02}-{day % 28 + 1:02};order {month * day};{(month * day * 37) % 500}" for day in range(LINES)
        )
        (folder / f"sales-{month:02}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for number in range(10):
        timeout = 30 if number % 2 else 60
        lines = [
            f"name = 'service-{number}'",
            "[server]",
            f"timeout = {timeout}",
            f"public = {str(number > 4).lower()}",
        ]
        (folder / f"service-{number}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@tool(name="weather.station", risk="network", approval="never")
async def station(id: int) -> dict[str, object]:  # noqa: A002  # as such interfaces call it
    """Return the measurements of a weather station for each hour of yesterday."""
    await asyncio.sleep(TOOL_LATENCY_S)
    hours = [{"hour": hour, "celsius": (id * 7 + hour * 3) % 31, "wind": (id + hour) % 12} for hour in range(24)]
    return {"id": id, "name": f"station {id}", "hours": hours}


@tool(name="shop.orders", risk="network", approval="never")
async def orders(cursor: int = 0) -> dict[str, object]:
    """Return a page of 20 orders, the oldest first, and the cursor of the next page."""
    await asyncio.sleep(TOOL_LATENCY_S)
    page = [
        {"order": number, "customer": f"customer {number % 17}", "open": number == 171}
        for number in range(cursor, cursor + 20)
    ]
    return {"orders": page, "next": cursor + 20}


TOOLS: tuple[Tool, ...] = (station, orders)


def amounts(content: str) -> int:
    return sum(int(line.split(";")[2]) for line in content.splitlines())


def sum_of_files() -> Structured:
    pages = yield [("read_file", {"path": f"sales-{month:02}.csv"}) for month in range(1, 13)]
    return str(sum(amounts(page["content"]) for page in pages))


def patched_files() -> Structured:
    (found,) = yield [("grep_files", {"pattern": "timeout = 30", "include": "*.toml"})]
    paths = [match["path"] for match in found["matches"]]
    pages = yield [("read_file", {"path": path}) for path in paths]
    public = [page["path"] for page in pages if "public = true" in page["content"]]
    yield [("edit_file", {"path": path, "old": "timeout = 30", "new": "timeout = 90"}) for path in public]
    return json.dumps(public)


def warmest_station() -> Structured:
    stations = yield [("weather.station", {"id": number}) for number in range(8)]
    return json.dumps([warmest(stations), 24 * len(stations)])


def warmest(stations: Iterable[Any]) -> str:
    return str(max(stations, key=lambda each: sum(hour["celsius"] for hour in each["hours"]))["name"])


def first_open_order() -> Structured:
    cursor = 0
    while True:
        (page,) = yield [("shop.orders", {"cursor": cursor})]
        for each in page["orders"]:
            if each["open"]:
                return str(each["order"])
        cursor = page["next"]


TASKS = (
    Task(
        "read 12 files, add up a column",
        "What do the amounts in sales-01.csv to sales-12.csv come to?",
        sum_of_files,
        """import asyncio

pages = await asyncio.gather(*[tools.read_file(path=f"sales-{month:02}.csv") for month in range(1, 13)])
return sum(int(line.split(";")[2]) for page in pages for line in page.content.splitlines())
""",
    ),
    Task(
        "search, filter, patch",
        "Raise the timeout from 30 to 90 in the settings of every public service.",
        patched_files,
        """changed = []
for match in (await tools.grep_files(pattern="timeout = 30", include="*.toml")).matches:
    page = await tools.read_file(path=match.path)
    if "public = true" in page.content:
        await tools.edit_file(path=match.path, old="timeout = 30", new="timeout = 90")
        changed.append(match.path)
return changed
""",
    ),
    Task(
        "ask 8 services at once",
        "Which of the weather stations 0 to 7 was the warmest yesterday, and how many measurements say so?",
        warmest_station,
        """import asyncio

stations = await asyncio.gather(*[tools.weather.station(id=number) for number in range(8)])
warmest = max(stations, key=lambda each: sum(hour.celsius for hour in each.hours))
return [warmest.name, sum(len(each.hours) for each in stations)]
""",
    ),
    Task(
        "page until something is found",
        "What is the number of the oldest open order?",
        first_open_order,
        """cursor = 0
while True:
    page = await tools.shop.orders(cursor=cursor)
    for each in page.orders:
        if each.open:
            return each.order
    cursor = page.next
""",
    ),
)
