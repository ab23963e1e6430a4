"""Checks that are no barrier of the operating system, each without its one condition, and the tests that must fail then."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mutations.edit import Edit


@dataclass(frozen=True, slots=True)
class Mutation:
    """A check that is taken out.

    Attributes:
        what: The check.
        edit: How it is taken out.
        tests: What must notice: arguments for pytest.
    """

    what: str
    edit: Edit
    tests: tuple[str, ...]


def _m(what: str, function: str, old: str, new: str, *tests: str) -> Mutation:
    return Mutation(what, Edit(function, old, new), tests)


_GATE = "tests/security/test_approval_gate.py"
_ASKED = "tests/integration/test_approvals.py"
_ADDRESSES = "tests/unit/harness/tools/builtin/test_http_addresses.py"
_CHAIN = "tests/unit/harness/audit/test_chain.py"
_PARKING = "tests/integration/test_parking.py"
_HOSTILE = "tests/integration/test_hostile_worker.py"
_CALLS = "tests/unit/harness/tools/test_orchestrator.py"
_FILES = "tests/integration/test_config.py"
_LOAD = "tests/soak/test_load.py"
_FLATNESS = "tests/soak/test_flatness.py"
_INBOX = "tests/integration/test_inbox.py"
_RESPONSES = "tests/e2e/test_providers.py"
_SCHEMAS = "tests/unit/harness/tools/test_json_schema.py"
_LIMITS = "tests/integration/test_limits.py"
_RECORDED = "tests/integration/test_audit_of_runs.py"
_WHO = "tests/unit/policy/test_approval.py"
_BELONG = f"{_PARKING}::test_what_does_not_belong_together_is_lost_and_the_run_waits_on"

MUTATIONS = {
    mutation.what: mutation
    for mutation in (
        _m(
            "the cap on the length of a frame",
            "harness.runtimes.cpython.wire:FrameSplitter._end_of_frame",
            "if length > self._max_bytes:",
            "if False:",
            f"{_HOSTILE}::test_a_worker_that_breaks_the_protocol_is_named_so[asyncio-an oversized length]",
        ),
        _m(
            "the question before a call",
            "harness.tools.orchestrator:Orchestrator._decide",
            "if not isinstance(need, NeedsApproval):",
            "if isinstance(need, NeedsApproval) or True:",
            f"{_GATE}::test_however_a_tool_is_called_the_person_is_asked[asyncio-plainly]",
        ),
        _m(
            "the answer that forbids",
            "harness.tools.orchestrator:Orchestrator._decide",
            "raise forbidden(tool, need)",
            "return Cleared(considered)",
            f"{_ASKED}::test_settings_are_those_of_the_start_of_the_call",
        ),
        _m(
            "the denial of a person",
            "harness.tools.orchestrator:Orchestrator._ask",
            "        raise error",
            "        return None",
            f"{_ASKED}::test_F12_a_denial_is_caught_with_its_reason_and_the_script_goes_on",
        ),
        _m(
            "the copy of the arguments that were decided about",
            "harness.tools.decision:private_copy",
            "    return copied",
            "    return arguments",
            f"{_ASKED}::test_changing_edited_arguments_after_the_answer_changes_nothing",
        ),
        _m(
            "protected paths",
            "policy.approval:_is_protected",
            "return any(",
            "return False and any(",
            f"{_WHO}::test_protected_paths_are_never_written_and_never_asked_about",
        ),
        _m(
            "a tool that asks for every call",
            "policy.approval:requirement",
            'if need == "always" or origin.is_destructive:',
            "if origin.is_destructive:",
            f"{_WHO}::test_who_is_asked",
        ),
        _m(
            "the rule that forbids",
            "policy.approval:requirement",
            'if verdict is not None and verdict.decision == "forbidden":',
            "if False:",
            f"{_WHO}::test_a_rule_that_forbids_wins_over_a_tool_that_never_asks",
        ),
        _m(
            "the count of a grant",
            "harness.approvals.plan_grant:PlanGrant.covers",
            "self._left[index] -= 1",
            "pass",
            f"{_GATE}::test_a_count_that_was_granted_is_not_exceeded_by_calls_at_once",
        ),
        _m(
            "the budget of calls",
            "harness.session:Session._requested",
            "if len(self._calls) > allowed:",
            "if False:",
            f"{_LIMITS}::test_tool_calls",
        ),
        _m(
            "the order of calls",
            "harness.runtimes.cpython.run:CPythonRun._started_call",
            "if number != self._calls:",
            "if False:",
            f"{_HOSTILE}::test_a_worker_that_breaks_the_protocol_is_named_so[asyncio-call ids out of order]",
        ),
        _m(
            "the size of a value, charged by the host",
            "harness.runtimes.cpython.run:_too_large",
            "if size <= allowed:",
            "if True:",
            f"{_HOSTILE}::test_a_value_over_the_limit_is_charged_again_by_the_host",
        ),
        _m(
            "a retry that no plan covers",
            "harness.approvals.plan_grant:PlanGrant.covers",
            "if request.is_retry:",
            "if False:",
            "tests/unit/harness/approvals/test_plan_grant.py",
        ),
        _m(
            "addresses that are not of the internet",
            "harness.tools.builtin.http_addresses:is_public",
            "return not any(address in network for network in NOT_PUBLIC_4)",
            "return True",
            f"{_ADDRESSES}::test_an_address_of_anything_else_is_not_whatever_it_is_wrapped_in",
        ),
        _m(
            "every address of a host",
            "harness.tools.builtin.http_addresses:AddressPolicy.check",
            "for address in addresses:",
            "for address in addresses[:1]:",
            f"{_ADDRESSES}::test_one_private_address_is_enough_to_refuse_a_host",
        ),
        _m(
            "secrets in the record",
            "harness.audit.redaction:is_secret_name",
            "return not SECRET_WORDS.isdisjoint(words)",
            "return False",
            "tests/unit/harness/audit/test_redaction.py::test_a_name_with_a_secrets_word_is_secret",
        ),
        _m(
            "the hash of a record",
            "harness.audit.chain:_Check.changed",
            'hash_of(record) == record["hash"]',
            "True",
            f"{_CHAIN}::test_a_changed_value_is_noticed_at_its_line",
        ),
        _m(
            "the link to the record before",
            "harness.audit.chain:_Check.misplaced",
            'if record.get("prev") != self.head.hash:',
            "if False:",
            f"{_CHAIN}::test_a_changed_record_with_a_hash_of_its_own_is_noticed_at_the_next",
        ),
        _m(
            "the number of a record",
            "harness.audit.chain:_Check.misplaced",
            'if record["seq"] != self.head.seq + 1:',
            "if False:",
            f"{_CHAIN}::test_a_number_that_is_left_out_is_noticed",
        ),
        _m(
            "the head that was kept elsewhere",
            "harness.audit.chain:_Check.report",
            "if what is None and self.kept is not None and self.kept_seq is None:",
            "if False:",
            f"{_CHAIN}::test_a_shortened_file_is_whole_and_only_its_head_tells",
        ),
        _m(
            "the caller of a parked run",
            "harness.parking:ParkedRuns.resume",
            "_same(run.caller, caller) and ",
            "True and ",
            _BELONG,
        ),
        _m(
            "the script of a parked run",
            "harness.parking:ParkedRuns.resume",
            "_same(run.digest, _digest(source))",
            "True",
            _BELONG,
        ),
        _m(
            "the key of a parked run's caller",
            "harness.parking:ParkedRuns._keyed",
            "if (run.caller, run.key) == (caller, key)",
            "if run.key == key",
            f"{_PARKING}::test_the_same_key_begins_nothing_again",
        ),
        _m(
            "the end of a run that cannot be recorded",
            "harness.tools.recorder:Recorder._write",
            "raise ConfigError(",
            "return\n            raise ConfigError(",
            f"{_RECORDED}::test_nothing_happens_that_cannot_be_recorded[asyncio-1]",
        ),
        _m(
            "the end of a cancelled run in the record",
            "harness.session:Session._run",
            "self._recorded(self._outcome(Finished(error=_cancelled_error()), Spent(), run.barriers if run else ()))",
            "pass",
            f"{_RECORDED}::test_a_run_whose_task_was_cancelled_has_an_end_in_the_record[asyncio]",
        ),
        _m(
            "a command that had begun is not begun again",
            "harness.confine.command:_wait_started",
            "if said:  # it may",
            "if False:  # it may",
            "tests/soak/test_scarcity.py::test_a_command_that_had_begun_is_not_begun_again[asyncio]",
        ),
        _m(
            "a zygote whose children keep failing",
            "harness.runtimes.cpython.pool:Pool.refused",
            "if zygote.failures >= _FAILURES:",
            "if False:",
            f"{_HOSTILE}::test_a_zygote_whose_children_keep_failing_is_retired[asyncio]",
        ),
        _m(
            "a child that has yet to say that it is confined",
            "harness.runtimes.cpython.pool:Pool._admit",
            'hello is None or hello["t"] != "hello" or ',
            "",
            f"{_HOSTILE}::test_a_child_that_does_not_say_that_it_is_confined_is_ended[asyncio]",
        ),
        _m(
            "the size of arguments, charged by the host",
            "harness.runtimes.cpython.run:CPythonRun._started_call",
            "if self._child.channel.received_bytes > allowed and len(to_json(arguments)) > allowed:",
            "if False:",
            f"{_HOSTILE}::test_a_worker_that_breaks_the_protocol_is_named_so[asyncio-oversized arguments]",
        ),
        _m(
            "printed output, charged by the host",
            "harness.session:Session.logged",
            "[: max(0, room)]",
            "",
            "tests/property/test_hostile_conversations.py::test_a_stream_that_never_ends_is_ended[log]",
        ),
        _m(
            "the size of a result",
            "harness.tools.results:serialized",
            "if len(encoded) <= max_bytes:",
            "if True:",
            f"{_LIMITS}::test_other_large_results_are_errors_of_the_call[asyncio]",
        ),
        _m(
            "the end of a run's time",
            "harness.wall_clock:WallClock.start",
            "self._set_deadline()",
            "pass",
            "tests/unit/harness/test_wall_clock.py::test_it_cancels_at_the_end_of_its_time[asyncio]",
        ),
        _m(
            "references out of a schema",
            "harness.tools.json_schema:validator_of",
            ", retriever=_refused",
            "",
            f"{_SCHEMAS}::test_a_reference_out_of_the_schema_is_refused_and_not_fetched[file]",
        ),
        _m(
            "paths of the host in the error of a tool",
            "harness.tools.results:told",
            '_HOST_PATH.sub(r".../\\1", " ".join(text.split()))',
            '" ".join(text.split())',
            f"{_CALLS}::test_a_tools_own_message_shows_no_host_path",
        ),
        _m(
            "secrets in the error of a tool",
            "harness.tools.results:told",
            "text = redacted(without_variables(text, os.environ))",
            "pass",
            f"{_CALLS}::test_a_tools_own_message_shows_no_secret",
        ),
        _m(
            "the end of a response",
            "harness.providers.turn:_why_not",
            "reason = adapter.cut_off(data) or ",
            "reason = ",
            f"{_RESPONSES}::test_nothing_of_a_response_that_was_cut_off_is_run[whole-openai-chat-length]",
        ),
        _m(
            "characters that cannot be seen",
            "harness.visible_text:unmistakable",
            "_spelled(character) if marks > _MOST_MARKS or _is_unseen(character) else character",
            "character",
            "tests/unit/harness/test_visible_text.py::test_every_control_and_format_character_is_spelled_out",
        ),
        _m(
            "files of settings that others may write",
            "harness.config.files:_ownership_fault",
            "if found.st_mode & _WRITABLE_BY_OTHERS:",
            "if False:",
            f"{_FILES}::TestWhatIsWrong::test_a_users_file_that_others_may_write_is_refused_as_ssh_refuses_it",
        ),
        _m(
            "the user at the other end of an inbox",
            "harness.inbox:_serve",
            "if _user_of(stream) not in (0, os.getuid()):",
            "if False:",
            f"{_INBOX}::test_another_user_who_gets_as_far_as_the_socket_is_told_nothing[asyncio]",
        ),
        _m(
            "the folder of an inbox",
            "harness.inbox:open_inbox_folder",
            " or found.st_mode & 0o077",
            "",
            f"{_INBOX}::test_a_folder_that_others_may_enter_holds_no_socket",
        ),
        _m(
            "whose event it is",
            "harness.event_source:EventSource.emit",
            "script_id=self._script_id",
            'script_id=time.__dict__.setdefault("first", self._script_id)',
            f"{_LOAD}::test_scripts_at_once_end_as_they_have_to_and_learn_nothing_of_each_other",
        ),
        _m(
            "the end of a descriptor with its worker",
            "harness.runtimes.cpython.child:Child.kill",
            "            os.close(self._pidfd)\n",
            "",
            f"{_FLATNESS}::test_what_a_host_holds_does_not_grow_with_its_runs",
        ),
    )
}
