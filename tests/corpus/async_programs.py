"""Small asyncio programs made by hypothesis: a few tasks that meet at locks, queues and events, in an order that is compared.

Nothing in them depends on time: a wait that nobody ends is ended by `main`, after more turns than any program needs.
"""

from __future__ import annotations

from itertools import chain

from hypothesis import strategies as st

PRELUDE = """\
import asyncio

log = []
tasks = []
lock = asyncio.Lock()
semaphore = asyncio.Semaphore(2)
event = asyncio.Event()
condition = asyncio.Condition()
queue = asyncio.Queue(1)


async def sub(name, turns=1, fail=False):
    try:
        for turn in range(turns):
            log.append(f"sub {name} {turn}")
            await asyncio.sleep(0)
        if fail:
            raise ValueError(name)
        return name
    finally:
        log.append(f"sub {name} ends")


async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


"""

EPILOGUE = """\
async def main():
    tasks.extend(asyncio.create_task(worker()) for worker in workers)
    for turn in range(200):
        await asyncio.sleep(0)
    log.append([task.done() for task in tasks])
    for task in tasks:
        task.cancel()
    return [repr(result) for result in await asyncio.gather(*tasks, return_exceptions=True)]


results = asyncio.run(main())
return {"log": log, "results": results}
"""


def async_programs() -> st.SearchStrategy[str]:
    """Sources of whole scripts."""
    return st.lists(st.lists(_steps(), min_size=1, max_size=5), min_size=2, max_size=4).map(_whole)


def _steps() -> st.SearchStrategy[list[str]]:
    """One step of a task, as lines."""
    pause = st.sampled_from(["await asyncio.sleep(0)", "await sub('p')", "log.append('inside')"])
    meeting = st.sampled_from(["lock", "semaphore", "asyncio.timeout(None)"])
    number = st.integers(0, 3).map(str)
    flag = st.sampled_from(["True", "False"])
    return st.one_of(
        pause.map(lambda line: [line]),
        st.tuples(meeting, pause).map(
            lambda drawn: [f"async with {drawn[0]}:", f"    {drawn[1]}", "    log.append('held')"]
        ),
        st.sampled_from(
            [
                "await queue.put('item')",
                "log.append(await queue.get())",
                "log.append(queue.qsize())",
                "event.set()",
                "event.clear()",
                "log.append(await event.wait())",
                "raise ValueError('on purpose')",
                "log.append([n async for n in numbers(2)])",
                "return 'early'",
            ]
        ).map(lambda line: [line]),
        st.sampled_from(["notify()", "notify_all()", "wait()"]).map(_at_condition),
        number.map(lambda n: [f"log.append(tasks[{n} % len(tasks)].cancel())"]),
        st.tuples(number, flag).map(
            lambda d: [
                f"log.append(repr(await asyncio.gather(sub('a', {d[0]}), sub('b', 2, {d[1]}), return_exceptions=True)))"
            ]
        ),
        st.tuples(number, flag).map(_group),
        st.tuples(number, flag).map(
            lambda d: [
                f"extra = asyncio.create_task(sub('x', {d[0]}, {d[1]}))",
                "log.append(await asyncio.shield(extra))",
            ]
        ),
        st.tuples(number, flag).map(_first_of_two),
    )


def _at_condition(action: str) -> list[str]:
    waits = "await " if action == "wait()" else ""
    return ["async with condition:", f"    log.append({waits}condition.{action})"]


def _group(drawn: tuple[str, str]) -> list[str]:
    turns, fail = drawn
    return [
        "try:",
        "    async with asyncio.TaskGroup() as group:",
        f"        group.create_task(sub('g', {turns}, {fail}))",
        "        group.create_task(sub('h', 3))",
        "        log.append('in the group')",
        "except* ValueError as errors:",
        "    log.append(repr(errors.exceptions))",
    ]


def _first_of_two(drawn: tuple[str, str]) -> list[str]:
    turns, fail = drawn
    return [
        f"pair = [asyncio.create_task(sub('l', {turns}, {fail})), asyncio.create_task(sub('r', 2))]",
        "done, pending = await asyncio.wait(pair, return_when=asyncio.FIRST_COMPLETED)",
        "log.append((len(done), len(pending), [t.cancel() for t in pending]))",
    ]


def _whole(bodies: list[list[list[str]]]) -> str:
    workers = [_worker(number, list(chain(*steps))) for number, steps in enumerate(bodies)]
    names = ", ".join(f"worker{number}" for number in range(len(bodies)))
    return PRELUDE + "\n\n\n".join(workers) + f"\n\n\nworkers = [{names}]\n\n\n" + EPILOGUE


def _worker(number: int, body: list[str]) -> str:
    lines = [
        f"async def worker{number}():",
        "    try:",
        f"        log.append('{number} begins')",
        *(f"        {line}" for line in body),
        f"        return {number}",
        "    except asyncio.CancelledError:",
        f"        log.append('{number} cancelled')",
        "        raise",
        "    finally:",
        f"        log.append('{number} ends')",
    ]
    return "\n".join(lines)
