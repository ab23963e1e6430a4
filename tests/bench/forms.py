"""Structured calls and scripts, side by side on the same tasks: round trips, bytes, time.

python -m tests.bench.forms [--rounds N]

The model's text is written down in `form_tasks.py`; all else is real: the tools, the workers, the wire format of OpenAI Chat
Completions. Writes the samples to `results/forms.json` and the tables into `docs/how-to/move-from-structured-calls.md`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import anyio

from harness import Harness
from tests.bench import machine
from tests.bench.form_tasks import TASKS, TOOLS, Task, Wanted, write_files

Form = Literal["structured", "script"]

RESULTS = Path(__file__).parent / "results" / "forms.json"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "move-from-structured-calls.md"
BEGIN, END = "<!-- measured by tests/bench/forms.py -->", "<!-- end -->"
PROVIDER = "openai-chat"
COLUMNS = (
    "task",
    "form",
    "round trips",
    "sent to the model",
    "written by the model",
    "context at the end",
    "time without the model",
)
MODEL_LATENCY_S = 1.5
"""What a round trip to a model is assumed to take, however much it writes."""

Model = Generator[dict[str, object], list[Any], str]
"""Yields the message of a response, is sent what its calls came to, and returns the text of its last answer."""


@dataclass(frozen=True)
class Taken:
    """How one task was done in one form.

    Attributes:
        round_trips: Requests to the model, the one that it answers with text included.
        fixed_bytes: Instructions and declarations, which every request carries.
        sent_bytes: Bodies of all requests: each carries the whole conversation, as the protocol wants it.
        written_bytes: The model's messages in the responses: what it has to generate.
        conversation_bytes: Instructions, declarations and messages at the end: what stands in the model's context.
        time_s: Of the host: reading responses, running scripts and tools. The model takes none here.
        answer: The model's last word.
    """

    round_trips: int
    fixed_bytes: int
    sent_bytes: int
    written_bytes: int
    conversation_bytes: int
    time_s: float
    answer: str


async def take(harness: Harness, task: Task, form: Form) -> Taken:
    """Do a task once, with a request for every word of the model."""
    instructions = harness.instructions(form="native") if form == "script" else "Use the tools."
    messages: list[dict[str, object]] = [
        {"role": "system", "content": instructions},
        {"role": "user", "content": task.request},
    ]
    declarations = harness.declarations(PROVIDER, form=form)
    model = structured_model(task) if form == "structured" else script_model(task)
    fixed = size([instructions, declarations])
    sent = written = trips = 0
    time_s = 0.0
    results: list[Any] | None = None
    while True:
        request = {"model": "written-down", "messages": messages, "tools": declarations}
        trips += 1
        sent += size(request)
        try:
            message = model.send(results) if results is not None else next(model)
        except StopIteration as ended:
            message = {"role": "assistant", "content": ended.value}
            request["messages"] = [*messages, message]
            return Taken(trips, fixed, sent, written + size(message), size(request), time_s, str(ended.value))
        written += size(message)
        started = perf_counter()
        turn = await harness.respond(response_with(message))
        time_s += perf_counter() - started
        assert turn.error is None, turn.error
        messages += turn.items
        results = [value_of(item) for item in turn.items if item["role"] == "tool"]


def structured_model(task: Task) -> Model:
    calls = task.structured()
    wanted = next(calls)
    while True:
        results = yield message_with(wanted)
        try:
            wanted = calls.send(results)
        except StopIteration as ended:
            return str(ended.value)


def script_model(task: Task) -> Model:
    (value,) = yield message_with([("run_script", {"script": task.script})])
    return value if isinstance(value, str) else json.dumps(value)


def message_with(wanted: Sequence[Wanted]) -> dict[str, object]:
    calls = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {"name": name.replace(".", "__"), "arguments": json.dumps(arguments)},
        }
        for number, (name, arguments) in enumerate(wanted)
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def response_with(message: Mapping[str, object]) -> dict[str, object]:
    choice = {"index": 0, "finish_reason": "tool_calls", "message": dict(message)}
    return {"id": "r", "object": "chat.completion", "created": 0, "model": "written-down", "choices": [choice]}


def value_of(item: Mapping[str, Any]) -> Any:
    told = json.loads(item["content"])
    assert told["status"] == "done", told
    return told["value"]


def size(value: object) -> int:
    """Bytes of a body: compact JSON in UTF-8."""
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


@asynccontextmanager
async def prepared_harness() -> AsyncIterator[tuple[Harness, Path]]:
    """Give a harness with the tools of the tasks, and the folder that it works in."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with Harness(TOOLS, workspace=folder) as harness:
            yield harness, Path(folder)


async def take_all(*, rounds: int) -> dict[str, dict[Form, Taken]]:
    """Do each task in both forms in turns; of the times, the median is kept."""
    taken: dict[str, dict[Form, Taken]] = {}
    async with prepared_harness() as (harness, folder):
        for task in TASKS:
            samples: dict[Form, list[Taken]] = {"structured": [], "script": []}
            for _ in range(rounds):
                for form, found in samples.items():
                    write_files(folder)
                    found.append(await take(harness, task, form))
                    await anyio.sleep(0.1)  # the pool refills
            taken[task.name] = {form: median_of(found) for form, found in samples.items()}
    return taken


def median_of(found: Sequence[Taken]) -> Taken:
    return replace(found[-1], time_s=statistics.median(each.time_s for each in found))


def tables(measured: Mapping[str, Any]) -> str:
    """Render the part of the page that was measured."""
    on = measured["machine"]
    first = next(iter(measured["tasks"].values()))

    def fixed(form: Form) -> str:
        return kilobytes(first[form]["fixed_bytes"])

    lines = [
        f"Machine: {on['processor']}, {on['cores']} cores, Linux {on['kernel']}, Python {on['python']},",
        f"load {on['load_before']:.1f} when it began; medians of {measured['rounds']} rounds. Instructions and declarations are",
        f"{fixed('structured')} of every request with structured calls, {fixed('script')} with scripts.",
        "",
        f"| {' | '.join(COLUMNS)} | with {measured['model_latency_s']:g} s a round trip |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, forms in measured["tasks"].items():
        lines += [table_row(name, form, taken, measured["model_latency_s"]) for form, taken in forms.items()]
    return "\n".join(lines)


def table_row(name: str, form: str, taken: Mapping[str, Any], latency_s: float) -> str:
    sizes = [kilobytes(taken[field]) for field in ("sent_bytes", "written_bytes", "conversation_bytes")]
    total_s = taken["time_s"] + latency_s * taken["round_trips"]
    cells = [name, form, taken["round_trips"], *sizes, f"{taken['time_s'] * 1000:,.0f} ms", f"{total_s:.1f} s"]
    return "| " + " | ".join(map(str, cells)) + " |"


def kilobytes(value: int) -> str:
    return f"{value / 1000:.1f} kB"


def page_with(text: str, part: str) -> str:
    """Replace what stands between the marks of the page."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, f"{PAGE.name} has no marks"
    return f"{before}{BEGIN}\n\n{part}\n\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.forms", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    described = machine.describe()
    taken = anyio.run(partial(take_all, rounds=rounds))
    measured = {
        "machine": described,
        "rounds": rounds,
        "model_latency_s": MODEL_LATENCY_S,
        "tasks": {name: {form: asdict(each) for form, each in forms.items()} for name, forms in taken.items()},
    }
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), tables(measured)), encoding="utf-8")
    print(tables(measured))


if __name__ == "__main__":
    main()
