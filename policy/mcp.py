"""Which MCP servers are started or called, as settings name them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
ServerName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]

_OF_PROCESSES = ("args", "env", "inherit", "cwd")
_OF_ADDRESSES = ("headers", "bearer_token_env")


class McpServer(BaseModel):
    """A server: a program that speaks over its pipes (`command`), or an address (`url`).

    Secrets belong into variables of the host's environment, which `inherit` and `bearer_token_env` name.

    Attributes:
        command: The program, as the host's PATH finds it.
        args: Its arguments.
        env: Variables that it gets beside the few that every server gets.
        inherit: Names of the host's variables that it gets too.
        cwd: Folder that it starts in, absolute.
        url: Of a server that speaks streamable HTTP.
        headers: That every request to it carries.
        bearer_token_env: Name of the host's variable that holds the token for it.
        trusted: Its own word that a tool only reads is believed.
        start_timeout_s: Seconds until it must have answered first.
        timeout_s: Seconds until a call must have its answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    command: Annotated[str, Field(min_length=1)] | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict)
    inherit: tuple[str, ...] = ()
    cwd: str | None = None
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    bearer_token_env: str | None = None
    trusted: bool = False
    start_timeout_s: Seconds = 30
    timeout_s: Seconds = 60

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.command is None) == (self.url is None):
            raise ValueError("it has either command or url")
        foreign = _OF_ADDRESSES if self.url is None else _OF_PROCESSES
        misplaced = [name for name in foreign if name in self.model_fields_set]
        if misplaced:
            kind, other = ("command", "url") if self.url is None else ("url", "command")
            raise ValueError(f"{', '.join(misplaced)} goes with {other}, and this server has {kind}")
        return self


class Mcp(BaseModel):
    """The servers by name. A tool of one is `tools.mcp.<server>.<tool>`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    servers: dict[ServerName, McpServer] = Field(default_factory=dict)
