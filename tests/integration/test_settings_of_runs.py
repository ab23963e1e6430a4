"""Settings as runs and structured calls meet them: modes, what is exposed, and overrides of provider, model and turn."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import pytest

from harness import ConfigError, Harness, tool
from harness.events import RunFinished
from policy.settings import Settings

DONE: list[str] = []


@tool
async def note(text: str) -> str:
    """Write something down."""
    DONE.append(text)
    return text


@tool(risk="write")
async def send(to: str) -> str:
    """Send something."""
    DONE.append(to)
    return to


@tool(name="files.read")
async def read(path: str) -> str:
    """Read something."""
    return path


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


class TestDisabled:
    async def test_F17_a_script_is_refused_unseen_and_counted(self) -> None:
        async with Harness([note], settings={"mode": "disabled"}) as harness:
            outcome = await harness.run("this is no Python")
            assert (outcome.ok, outcome.mode, outcome.diagnostics) == (False, "disabled", ())
            assert outcome.error is not None
            assert outcome.error.code == "harness.disabled"
            assert "structured calls" in str(outcome.error.hint)
            assert harness.skipped_scripts == 1
            events = [event async for event in harness.stream("return 1")]
            assert [type(event) for event in events] == [RunFinished]
            assert harness.skipped_scripts == 2
            assert (await harness.check("return 1")).ok
            assert harness.skipped_scripts == 2

    async def test_structured_calls_go_on(self) -> None:
        async with Harness([note], settings={"mode": "disabled"}) as harness:
            assert (await harness.call("note", {"text": "a"})).status == "ok"
        assert DONE == ["a"]

    async def test_it_is_switched_while_the_harness_is_open(self) -> None:
        async with Harness([note]) as harness:
            assert (await harness.run("return 1")).ok
            harness.settings = Settings(mode="disabled")
            assert not (await harness.run("return 1")).ok
            harness.settings = Settings()
            assert (await harness.run("return 1")).ok


class TestDryRun:
    SOURCE = (
        'await tools.note(text="a")\nawait tools.send(to="b")\nfor x in "cd":\n    await tools.send(to=x)\nreturn 1'
    )

    async def test_F18_S20_it_says_what_would_be_asked_and_executes_nothing(self) -> None:
        async with Harness([note, send], settings={"mode": "dry-run"}) as harness:
            outcome = await harness.run(self.SOURCE, plan_approval=True)
        assert (outcome.ok, outcome.mode, outcome.value, outcome.calls) == (True, "dry-run", None, ())
        assert [(item.tool, item.line, item.decision) for item in outcome.would_ask] == [
            ("note", 1, "run"),
            ("send", 2, "ask"),
            ("send", 4, "depends"),
        ]
        assert DONE == []
        assert outcome.plan is not None
        wire: Any = outcome.to_wire()
        assert wire["would_ask"][1]["reason"] == "the tool changes things, and does not say where"

    async def test_what_it_says_is_what_the_same_calls_meet_when_they_are_made(self) -> None:
        for policy in ("never", "on-request", "on-failure", "unless-trusted"):
            async with Harness([note, send], settings={"approval_policy": policy}) as harness:
                source = 'await tools.send(to="b")'
                tried = await harness.run(source, settings={"mode": "dry-run"})
                made = await harness.run(source)
                [decided], [call] = tried.would_ask, made.calls
                code = call.error.code if call.error else ""
                assert {"ask": "approval.denied", "forbid": "policy.forbidden"}[decided.decision] == code, policy

    async def test_a_turn_is_tried_under_its_own_policy(self) -> None:
        async with Harness([send], settings={"providers": {"p": {"approval_policy": "never"}}}) as harness:
            dry: Any = {"mode": "dry-run"}
            source = 'await tools.send(to="b")'
            own = await harness.run(source, settings=dry)
            turn = await harness.run(source, settings={**dry, "approval_policy": "never"})
            provider = await harness.run(source, settings=dry, context={"provider": "p"})
        assert [outcome.would_ask[0].decision for outcome in (own, turn, provider)] == ["ask", "forbid", "forbid"]

    async def test_findings_are_told_as_by_a_check(self) -> None:
        async with Harness([note], settings={"mode": "dry-run"}) as harness:
            outcome = await harness.run("await tools.nope()")
        assert [item.code for item in outcome.diagnostics] == ["tool.not_found"]
        assert not outcome.ok
        assert outcome.would_ask == ()

    async def test_commands_and_files_are_judged_and_left_alone(self, tmp_path: Path) -> None:
        source = (
            'await tools.write_file(path="a", content="")\nawait tools.write_file(path="/etc/a", content="")\n'
            'await tools.exec(command=["touch", "b"])\nawait tools.exec(command=["no-such-program"])\n'
            'await tools.write_file(path=".git/config", content="")'
        )
        async with Harness(workspace=tmp_path, settings={"mode": "dry-run"}) as harness:
            outcome = await harness.run(source)
        decisions = [item.decision for item in outcome.would_ask]
        assert decisions[:4] == ["run", "ask", "run", "depends"]
        assert decisions[4] == "forbid"
        assert "would fail" in outcome.would_ask[3].reason
        assert os.listdir(tmp_path) == []

    async def test_a_structured_call_is_decided_about_and_not_made(self) -> None:
        async with Harness([note, send], settings={"mode": "dry-run"}) as harness:
            records = [await harness.call("note", {"text": "a"}), await harness.call("send", {"to": "b"})]
            wrong = await harness.call("note", {})
        assert [record.error.code for record in records if record.error] == ["harness.disabled"] * 2
        assert [record.error.details["decision"] for record in records if record.error] == ["run", "ask"]
        assert wrong.error is not None
        assert wrong.error.code == "tool.invalid_arguments"
        assert DONE == []


class TestExposed:
    async def test_what_is_not_exposed_is_found_before_the_run(self) -> None:
        async with Harness([note, send, read], settings={"expose": ["note", "files.*"]}) as harness:
            outcome = await harness.run('await tools.note(text="a")\nawait tools.send(to="b")')
            assert [(item.code, item.line) for item in outcome.diagnostics] == [("tool.not_exposed", 2)]
            assert "files.read, note" in str(outcome.diagnostics[0].hint)
            assert DONE == []
            seen = await harness.run("return context.tools")
            assert seen.value == ["note", "files.read"]
            assert [item.name for item in harness.exposed_tools()] == ["note", "files.read"]

    async def test_the_host_refuses_what_the_check_could_not_see(self) -> None:
        async with Harness([note, send], settings={"expose": ["note"]}) as harness:
            outcome = await harness.run(
                'name = "se" + "nd"\ntry:\n    await getattr(tools, name)(to="b")\nexcept ToolError as error:\n'
                "    return error.code"
            )
            assert outcome.value == "tool.not_exposed"
            record = await harness.call("send", {"to": "b"})
            assert record.error is not None
            assert record.error.code == "tool.not_exposed"
        assert DONE == []

    async def test_who_looks_tools_up_finds_only_those_that_may_be_used(self) -> None:
        async with Harness([note, send], settings={"expose": ["note"]}) as harness:
            found = await harness.run('return [each["name"] for each in await tools.search_tools(query="send note")]')
            told = harness.instructions()
        assert found.value == ["note"]
        assert "note(" in told
        assert "send(" not in told

    async def test_a_script_that_was_compiled_for_one_turn_is_checked_again_for_another(self) -> None:
        async with Harness([note]) as harness:
            source = 'return await tools.note(text="a")'
            for _ in range(3):  # what was compiled is kept once a run is cleared away
                assert (await harness.run(source)).ok
            assert (await harness.run(source, settings={"expose": []})).diagnostics
            assert (await harness.run(source)).ok


class TestOverrides:
    SETTINGS: ClassVar = {
        "approval_policy": "never",
        "limits": {"steps": 1000},
        "providers": {
            "open*": {
                "limits": {"steps": 5000},
                "models": {"gpt-*": {"mode": "dry-run"}, "gpt-5": {"mode": "enabled"}},
            },
            "off": {"mode": "disabled"},
        },
    }

    @pytest.mark.parametrize(
        ("context", "mode", "steps"),
        [
            (None, "enabled", 1000),
            ({"provider": "other", "model": "gpt-4"}, "enabled", 1000),
            ({"provider": "openai"}, "enabled", 5000),
            ({"provider": "openai", "model": "gpt-4"}, "dry-run", 5000),
            ({"provider": "openai", "model": "gpt-5"}, "enabled", 5000),
            ({"provider": "off"}, "disabled", 1000),
        ],
    )
    async def test_provider_and_model_choose(self, context: Any, mode: str, steps: int) -> None:
        async with Harness([note], settings=self.SETTINGS) as harness:
            outcome = await harness.run("return context.limits['steps']", context=context)
            assert outcome.mode == mode
            if mode == "enabled":
                assert outcome.value == steps
                loop = await harness.run(f"for i in range({steps}):\n    pass", context=context)
                assert loop.error is not None
                assert loop.error.code == "limit.steps"

    async def test_a_provider_may_loosen_who_is_asked(self) -> None:
        settings = {"approval_policy": "never", "providers": {"p": {"sandbox": "danger-full-access"}}}
        async with Harness([send], settings=settings) as harness:
            assert (await harness.call("send", {"to": "a"})).status == "denied"
            assert (await harness.call("send", {"to": "b"}, context={"provider": "p"})).status == "ok"
            assert (await harness.run('await tools.send(to="c")', context={"provider": "p"})).ok
        assert DONE == ["b", "c"]

    async def test_secrets_granted_for_one_provider_are_not_for_another(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("KEY=1")
        settings = {"providers": {"p": {"readable": [".env"]}}}
        async with Harness(workspace=tmp_path, settings=settings) as harness:
            read_it = 'return (await tools.read_file(path=".env"))["content"]'
            assert not (await harness.run(read_it)).ok
            assert "KEY=1" in str((await harness.run(read_it, context={"provider": "p"})).value)
            assert not (await harness.run(read_it, context={"provider": "p"}, settings={"readable": []})).ok

    async def test_a_tool_that_only_one_provider_has_is_there_for_no_other(self, tmp_path: Path) -> None:
        settings = {"without": ["exec"], "providers": {"p": {"without": [], "spawn": True}}}
        async with Harness(workspace=tmp_path, settings=settings) as harness:
            own, p = ({item.name for item in harness.exposed_tools(context=c)} for c in (None, {"provider": "p"}))
        assert p - own == {"exec", "spawn.exec", "spawn.poll", "spawn.cancel"}


class TestTurns:
    async def test_F14_a_turn_has_its_own_time_within_the_allowed(self) -> None:
        async with Harness(limits={"wall_time_s": 20}) as harness:
            for options in ({"limits": {"wall_time_s": 0.3}}, {"settings": {"limits": {"wall_time_s": 0.3}}}):
                outcome = await harness.run("import asyncio\nawait asyncio.sleep(60)", **options)  # type: ignore[arg-type]  # either
                assert outcome.error is not None
                assert outcome.error.code == "limit.wall_time"
                assert "0.3" in outcome.error.message

    @pytest.mark.parametrize(
        ("turn", "said"),
        [
            ({"mode": "enabled"}, '`mode` "enabled" is looser than "dry-run"'),
            ({"limits": {"steps": 10**9}}, "`limits.steps` 1e+09 is looser than 1e+07"),
            ({"approval_policy": "on-failure"}, '`approval_policy` "on-failure" is looser than "on-request"'),
            ({"network": "full"}, '`network` "full" is looser than "restricted"'),
            ({"mcp": {}}, "there is no setting `mcp`"),
            ({"mod": "enabled"}, "there is no setting `mod`"),
            (Settings(park_ttl_s=5), "a turn cannot set park_ttl_s"),
            (5, "settings cannot be int"),
        ],
    )
    async def test_a_turn_that_would_loosen_is_an_error_that_names_what(self, turn: Any, said: str) -> None:
        async with Harness([note], settings={"mode": "dry-run"}) as harness:
            for attempt in (harness.run, harness.check):
                with pytest.raises(ConfigError, match=r"config\.invalid") as caught:
                    await attempt("return 1", settings=turn)
                assert said in caught.value.message
            with pytest.raises(ConfigError):
                await harness.call("note", {"text": "a"}, settings=turn)
        assert DONE == []

    async def test_a_turn_is_asked_about_what_the_harness_runs_unasked(self, tmp_path: Path) -> None:
        async with Harness(workspace=tmp_path) as harness:
            source = 'await tools.write_file(path="a", content="")'
            refused = await harness.run(source, settings={"sandbox": "read-only", "approval_policy": "never"})
            assert [call.status for call in refused.calls] == ["denied"]
            assert (await harness.run(source)).ok

    async def test_new_settings_reach_the_calls_of_a_turn_that_runs(self) -> None:
        holder: list[Harness] = []

        @tool
        async def tighten() -> None:
            """Switch a tool off in the middle of a run."""
            holder[0].settings = {"expose": ["tighten"]}  # type: ignore[assignment]  # a dict is read

        async with Harness([note, tighten]) as harness:
            holder.append(harness)
            source = 'await tools.tighten()\nawait tools.note(text="a")'
            outcome = await harness.run(source, settings={"approval_policy": "never"})
        assert [call.status for call in outcome.calls] == ["ok", "failed"]
        assert DONE == []

    async def test_an_open_harness_refuses_limits_that_its_workers_cannot_have(self) -> None:
        async with Harness(settings={"limits": {"steps": 10}}) as harness:
            with pytest.raises(ConfigError, match="cannot loosen limits; steps"):
                harness.settings = Settings(limits={"steps": 20, "tool_calls": 5})  # type: ignore[arg-type]  # a dict is read
