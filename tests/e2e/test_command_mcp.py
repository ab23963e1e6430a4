"""The command uses the MCP servers of the user's settings."""

import json
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import CHECKOUT, Command

ROUGH = CHECKOUT / "tests" / "integration" / "mcp_servers" / "rough.py"
SERVER = """
[mcp.servers.rough]
command = {command}
args = [{program}]
trusted = true
"""


@pytest.fixture
def settings(folder: Path) -> Path:
    path = folder / ".config" / "toolscript" / "toolscript.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SERVER.format(command=json.dumps(sys.executable), program=json.dumps(str(ROUGH))))
    return path


def test_a_script_of_the_command_line_calls_a_server(toolscript: Command, settings: Path) -> None:
    done = toolscript("run", "-", stdin="return await tools.mcp.rough.echo(text='hi')")
    assert (done.code, done.out) == (0, "hi\n"), done.err


def test_tools_prints_what_servers_offer(toolscript: Command, settings: Path) -> None:
    described = {item["name"]: item for item in toolscript("tools", "--json").json["tools"]}
    assert described["mcp.rough.echo"]["risk"] == "read"
    assert described["mcp.rough.changes"]["risk"] == "write"
    assert "async def echo(" in toolscript("tools").out


def test_the_check_knows_them(toolscript: Command, settings: Path) -> None:
    assert toolscript("check", "-", stdin="await tools.mcp.rough.echo(text='hi')").code == 0
    assert "tool.not_found" in toolscript("check", "-", stdin="await tools.mcp.rough.eco(text='hi')").out


def test_a_server_that_does_not_start_is_an_error_of_the_configuration(toolscript: Command, settings: Path) -> None:
    settings.write_text('[mcp.servers.broken]\ncommand = "no-such-program"\n')
    done = toolscript("run", "-", stdin="return 1")
    assert done.code == 2
    assert "the MCP server 'broken' did not start: there is no program 'no-such-program'" in done.err


def test_no_server_is_started_while_scripts_are_disabled(toolscript: Command, settings: Path) -> None:
    settings.write_text('mode = "disabled"\n[mcp.servers.broken]\ncommand = "no-such-program"\n')
    done = toolscript("run", "-", stdin="return 1")
    assert done.code == 2
    assert "harness.disabled" in done.err
    assert "no-such-program" not in done.err
    assert "no-such-program" in toolscript("run", "-", "--mode", "enabled", stdin="return 1").err
