"""The page of settings says what the model says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel

from harness.config import load_settings
from harness.config.files import MAX_FILE_BYTES
from policy.approval import Granular
from policy.mcp import Mcp, McpServer
from policy.sandbox import NetworkAccess, WorkspaceWrite
from policy.settings import PRESETS, Audit, BuiltInTool, Environment, Settings, Telemetry
from tests.e2e.conftest import CHECKOUT

PAGE: Final = (CHECKOUT / "docs" / "reference" / "config.md").read_text(encoding="utf-8")
ROWS: Final = dict(re.findall(r"^\| `([a-z_.]+)` \| `(.+?)` \| .* \|$", PAGE, re.MULTILINE))
TABLES: Final[dict[str, type[BaseModel]]] = {
    "approval_policy": Granular,
    "sandbox": WorkspaceWrite,
    "network": NetworkAccess,
    "environment": Environment,
    "mcp": Mcp,
    "telemetry": Telemetry,
    "audit": Audit,
}
NO_VALUE: Final = ("environment", "mcp", "telemetry", "audit")
"""Tables that are not also written as one value."""


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    plain = [name for name in Settings.model_fields if name not in NO_VALUE]
    inside = [f"{table}.{name}" for table, model in TABLES.items() for name in model.model_fields]
    assert sorted(ROWS) == sorted([*plain, *inside])


@pytest.mark.parametrize("name", ROWS)
def test_a_default_is_the_models(name: str) -> None:
    written: Any = tomllib.loads(f"value = {ROWS[name]}")["value"]
    table, _, key = name.partition(".")
    if not key:
        assert getattr(Settings(**{table: written}), table) == getattr(Settings(), table)
    else:
        model = TABLES[table]()
        assert getattr(model.model_validate({key: written}), key) == getattr(model, key)


def test_the_complete_file_loads_and_sets_everything(tmp_path: Path) -> None:
    text = re.findall(r"^```text\n(.*?)^```$", PAGE.partition("## A complete file")[2], re.MULTILINE | re.DOTALL)[0]
    folder = tmp_path / ".config" / "toolscript"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "toolscript.toml").write_text(text)
    (folder / "toolscript.toml").chmod(0o600)
    settings = load_settings(None, environ={"HOME": str(tmp_path)}).settings
    assert settings.model_fields_set == set(Settings.model_fields)
    assert settings.sandbox.model_fields_set == set(WorkspaceWrite.model_fields)
    assert settings.network.model_fields_set == set(NetworkAccess.model_fields)
    assert tomllib.loads(text)["environment"].keys() == Environment.model_fields.keys()
    assert settings.sandbox.roots == (str(tmp_path / "builds"),)  # type: ignore[union-attr]  # its kind was just compared


def test_every_key_of_a_server_has_a_row() -> None:
    rows = re.findall(r"^\| `mcp\.servers\.NAME\.([a-z_]+)` \|", PAGE, re.MULTILINE)
    assert rows == list(McpServer.model_fields)


def test_presets_and_names_of_tools_are_listed() -> None:
    for name, preset in PRESETS.items():
        row = re.search(rf"^\| `{name}` \|(.*)$", PAGE, re.MULTILINE)
        assert row is not None
        sizes = [f"{preset.processes}", f"{preset.wall_time_s} s"]
        sizes.append("none" if preset.cpu_time_s is None else f"{preset.cpu_time_s} s")
        sizes.append(f"{(preset.file_bytes or 0) >> 30} GiB")
        sizes.append("512 MiB" if name == "conservative" else f"{(preset.memory_bytes or 0) >> 30} GiB")
        assert all(f"| {size} |" in f"|{row[1]}" for size in sizes)
    (row,) = re.findall(r"^\| `without` \|.*$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == {"without", *get_args(BuiltInTool)}
    assert f"{MAX_FILE_BYTES} bytes" in PAGE
