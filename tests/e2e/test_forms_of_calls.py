"""What `docs/how-to/move-from-structured-calls.md` says of structured calls beside scripts."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from tests.bench.form_tasks import TASKS, Task, write_files
from tests.bench.forms import PAGE, RESULTS, Form, prepared_harness, tables, take


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("task", TASKS, ids=[task.name for task in TASKS])
async def test_both_forms_come_to_the_same_in_the_round_trips_of_the_table(task: Task) -> None:
    committed = json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"][task.name]
    taken = {}
    async with prepared_harness() as (harness, folder):
        for form in get_args(Form):
            write_files(folder)
            taken[form] = await take(harness, task, form)
    assert taken["structured"].answer == taken["script"].answer == committed["script"]["answer"]
    assert {form: each.round_trips for form, each in taken.items()} == {
        form: each["round_trips"] for form, each in committed.items()
    }
    assert taken["script"].sent_bytes < taken["structured"].sent_bytes
    assert taken["script"].written_bytes < taken["structured"].written_bytes


def test_the_page_shows_what_was_measured() -> None:
    measured = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert tables(measured) in PAGE.read_text(encoding="utf-8")
