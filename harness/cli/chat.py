"""`toolscript chat`: a small agent. It asks a model, lets the harness respond, and asks again until nothing is left."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import anyio

from harness.approvals.approver import Approver
from harness.approvals.line_input import LineInput
from harness.cli import exit_codes, plain_text
from harness.cli.conversation import Conversation, ModelClient, ModelError, Request, client_for
from harness.cli.given import Block
from harness.cli.running import Options, Switch, View, run_block, stopped_by_signals, wait_until_free
from harness.detect import TextSegment
from harness.errors import ConfigError, RunError
from harness.events import CallFinished, Event
from harness.harness import Harness
from harness.instructions import Form
from harness.providers import read_segments
from harness.providers.segments import ProviderSegment, RefusalSegment
from harness.providers.turn import Turn
from harness.tools.call import Call, cancelled
from harness.types import CallRecord, Outcome
from harness.visible_text import visible


@dataclass(frozen=True, slots=True)
class Chat:
    """What the user set for the conversation.

    Attributes:
        provider: The wire format.
        model: Its name at the provider.
        base_url: Of another server than the provider's own.
        form: How the model hands scripts over.
        prompt: The only thing to say; None to read lines.
        max_turns: Most requests for one thing that the user says.
        max_tokens: Most tokens of one response.
        stream: Whether responses come as streams.
    """

    provider: str
    model: str
    base_url: str | None = None
    form: Form = "native"
    prompt: str | None = None
    max_turns: int = 20
    max_tokens: int | None = None
    stream: bool = True


async def chat_with(chat: Chat, options: Options, view: View, *, approver: Approver, lines: LineInput) -> int:
    """Talk until the prompt is answered, the lines end, or a signal comes.

    At a terminal, Ctrl-C stops what goes on, and ends the conversation only where it waits for a line.

    Returns:
        The exit code: that of the last thing said, or at a terminal `DONE` when the lines end.

    Raises:
        ConfigError: `config.invalid`.
    """
    client = client_for(chat.provider, chat.base_url)
    try:
        async with (
            stopped_by_signals() as switch,
            options.with_servers() as served,
            served.open(pool_size=1, approver=approver, on_event=_say_structured_call) as harness,
        ):
            talk = _Talk(chat, options, harness, client, view, switch)
            if chat.prompt is not None:
                return await talk.answer(chat.prompt)
            return await _answer_lines(talk, lines, switch)
    finally:
        with anyio.CancelScope(shield=True):
            await client.close()


async def _answer_lines(talk: _Talk, lines: LineInput, switch: Switch) -> int:
    code = exit_codes.DONE
    while not (switch.thrown or (code == exit_codes.USAGE and not talk.is_heard)):
        line = await _next_line(lines, switch)
        if line is None:
            code = exit_codes.DONE if lines.is_terminal else code
            break
        if line.strip():
            code = await talk.answer(line)
        if lines.is_terminal:
            switch.take_back()
    return exit_codes.INTERRUPTED if switch.thrown else code


async def _next_line(lines: LineInput, switch: Switch) -> str | None:
    if lines.is_terminal:
        _say("> ", end="")
    line: str | None = None
    with anyio.CancelScope() as scope, switch.stops(scope.cancel):
        line = await lines.read_line()
    if lines.is_terminal and line is None:
        _say("")  # what the shell says next begins a line
    return line


class _Talk:
    """The conversation so far."""

    def __init__(
        self, chat: Chat, options: Options, harness: Harness, client: ModelClient, view: View, switch: Switch
    ) -> None:
        self._chat = chat
        self._options = options
        self._harness = harness
        self._client = client
        self._view = view
        self._switch = switch
        self._conversation = Conversation()
        self._seen = ""  # of the response that comes
        self.is_heard = False  # a response came, so that key, address and model are right

    async def answer(self, prompt: str) -> int:
        """Let the model answer, with as many turns as it takes, and return the exit code."""
        self._conversation.say(prompt)
        for _ in range(self._chat.max_turns):
            try:
                response = await self._whole_response()
            except ModelError as error:
                hint = f" (hint: {error.hint})" if error.hint else ""
                _say(visible(f"toolscript: {error}{hint}".replace("\n", " ")))
                return error.code
            if response is None:
                self._conversation.add_stopped(self._seen)
                _say("toolscript: interrupted: the response was not whole, and nothing of it was run")
                return exit_codes.INTERRUPTED
            turn = await self._turn(response)
            if turn.is_finished:
                return exit_codes.exit_code(turn.error)
            if self._switch.thrown:
                _say("toolscript: interrupted: what ran was stopped; the model is told with your next words")
                return exit_codes.INTERRUPTED
        _say(f"toolscript: {self._chat.max_turns} turns were not enough; --max-turns allows more")
        return exit_codes.LIMIT

    async def _whole_response(self) -> object | None:
        """Ask, and print the text of the response as it comes. None: a signal came before it was whole."""
        self._seen = ""
        response: object | None = None
        try:
            with anyio.CancelScope() as scope, self._switch.stops(scope.cancel):
                response = await self._response()
        finally:
            if self._seen and not self._seen.endswith("\n"):
                print(flush=True)
        return response

    async def _response(self) -> object:
        """Return a whole response in the shape that its provider documents.

        Raises:
            ModelError: There is none.
        """
        request = self._request()
        try:
            response = await self._received(request)
            segments = read_segments(response, provider=self._chat.provider)
        except ConfigError as error:  # a page of some other server, or one that is not like its provider
            hint = "look at --base-url and --provider"
            raise ModelError(f"the answer is no response: {error.message}", hint=hint) from None
        if not self._chat.stream:
            self._print(segments)
        return response

    async def _received(self, request: Request) -> object:
        reader = self._harness.reader(self._chat.provider)
        has_events = False
        async with aclosing(self._client.ask(request)) as answer:
            async for each in answer:
                if not request.stream:
                    return each
                has_events = True
                self._print(reader.feed(each))
        if not has_events:  # a page of some other server has none either
            raise ModelError("the answer is no stream of a response", hint="look at --base-url, or try --no-stream")
        self._print(reader.close())
        return reader.response()

    async def _turn(self, response: object) -> Turn:
        """Run what is to be run. A signal stops that alone, so that everything has an answer that can be sent."""
        ran: list[Outcome] = []

        async def run(source: str) -> Outcome:
            if self._switch.thrown:
                return Outcome(ok=False, error=RunError("run.cancelled", "the user stopped the turn"))
            ran.append(await self._run(source))
            return ran[-1]

        turn = await self._harness.respond(
            response,
            provider=self._chat.provider,
            context=self._context(),
            settings=self._options.turn,
            run=run,
            call=self._call,
        )
        self.is_heard = True
        self._conversation.add_turn(turn.items)
        self._say_not_run(turn, ran)
        return turn

    async def _call(self, tool: str, arguments: object) -> CallRecord:
        record: CallRecord | None = None
        if not self._switch.thrown:
            with anyio.CancelScope() as scope, self._switch.stops(scope.cancel):
                record = await self._harness.call(tool, arguments, context=self._context(), settings=self._options.turn)
        return record or cancelled(Call(id="", tool=tool, arguments={}), started=None)

    def _request(self) -> Request:
        told = {"context": self._context(), "settings": self._options.turn}
        is_native = self._chat.form == "native"
        return Request(
            model=self._chat.model,
            instructions=self._harness.instructions(form=self._chat.form, **told),  # type: ignore[arg-type]  # of two kinds
            items=self._conversation.items,
            tools=self._harness.declarations(self._chat.provider) if is_native else [],
            max_tokens=self._chat.max_tokens,
            stream=self._chat.stream,
        )

    def _context(self) -> dict[str, object]:
        return {**self._options.context, "provider": self._chat.provider, "model": self._chat.model}

    async def _run(self, source: str) -> Outcome:
        _say("".join(f"| {line}\n" for line in visible(source.strip("\n")).split("\n")), end="")
        start = partial(
            self._harness.stream,
            context=self._context(),
            settings=self._options.turn,
            plan_approval=self._options.plan_approval,
        )
        self._view.begin(Block(source))
        outcome: Outcome | None = None
        try:
            outcome = await run_block(Block(source), start, self._view, self._switch)
            await wait_until_free(self._view)
        finally:
            self._view.end(Outcome(ok=False) if outcome is None else outcome)
        return outcome

    def _print(self, segments: Sequence[ProviderSegment]) -> None:
        for segment in segments:
            if isinstance(segment, (TextSegment, RefusalSegment)) and segment.text:
                print(visible(segment.text) if sys.stdout.isatty() else segment.text, end="", flush=True)
                self._seen += segment.text

    def _say_not_run(self, turn: Turn, ran: Sequence[Outcome]) -> None:
        """Say what the view did not show: why a response, or a script of it, was not run."""
        errors = [outcome.error for outcome in turn.outcomes if outcome.error and outcome not in ran]
        for error in dict.fromkeys([*([turn.error] if turn.error else []), *errors]):
            _say(plain_text.error_text(error))


def _say_structured_call(event: Event) -> None:
    if not event.script_id and isinstance(event, CallFinished):
        _say(plain_text.call_line(event.call))


def _say(text: str, *, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
