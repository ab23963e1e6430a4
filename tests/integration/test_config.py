"""Settings, rules and trust, read from and written to real files."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.config import append_amendment, load_rules, load_settings, protected_paths, replacing
from harness.config.environment import NO_SETTINGS
from harness.config.files import MAX_FILE_BYTES, user_folder
from harness.config.loading import preview_trust
from harness.config.trust import is_trusted, standing, trust, trusted_folders, untrust
from harness.errors import ConfigError
from harness.mcp.serving import TOKEN_VARIABLE
from policy.commands import Amendment, parse_rules
from policy.sandbox import ReadOnly, WorkspaceWrite
from policy.settings import Settings, resolved

ALLOW = '[[rule]]\nprefix = ["git", "push"]\ndecision = "allow"\n'
PROMPT = '[[rule]]\nprefix = ["git", "fetch"]\ndecision = "prompt"\njustification = "it uses the network"\n'


class Place:
    """A home folder and a project in it."""

    def __init__(self, root: Path) -> None:
        self.environ = {"HOME": str(root / "home")}
        self.user = root / "home" / ".config" / "toolscript"
        self.project = root / "project"
        self.inside = self.project / ".toolscript"
        self.user.mkdir(parents=True, mode=0o700)
        self.inside.mkdir(parents=True)

    def write(self, path: Path, text: str | bytes) -> Path:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(0o600)
        return path

    def user_settings(self, text: str | bytes) -> Path:
        return self.write(self.user / "toolscript.toml", text)

    def user_rules(self, text: str | bytes) -> Path:
        return self.write(self.user / "rules.toml", text)

    def project_settings(self, text: str | bytes) -> Path:
        return self.write(self.inside / "toolscript.toml", text)

    def project_rules(self, text: str | bytes) -> Path:
        return self.write(self.inside / "rules.toml", text)

    def load(self, **options: Any) -> Any:
        return load_settings(str(self.project), environ=self.environ, **options)

    def fails(self) -> ConfigError:
        with pytest.raises(ConfigError) as caught:
            self.load()
        assert caught.value.code == "config.invalid"
        return caught.value

    def trust(self) -> None:
        trust(str(self.project), environ=self.environ)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_settings_that_stand_where_nobody_reads_them_are_told_of(place: Place) -> None:
    assert place.load().notes == ()
    place.write(place.project / "toolscript.toml", 'mode = "disabled"\n')
    loaded = place.load()
    assert loaded.settings == Settings()
    assert loaded.notes == (
        "toolscript.toml in the workspace itself is not read: settings of a project are in .toolscript",
    )


class TestLayers:
    def test_without_files_there_are_the_defaults_and_nothing_is_created(self, tmp_path: Path) -> None:
        loaded = load_settings(str(tmp_path), environ={"HOME": str(tmp_path)})
        assert (loaded.settings, loaded.rules, loaded.sources, loaded.notes) == (Settings(), (), (), ())
        assert list(tmp_path.iterdir()) == []

    def test_without_a_project_only_the_users_files_count(self, place: Place) -> None:
        place.user_settings('resources = "generous"')
        place.project_settings("spawn = 5")
        loaded = load_settings(None, environ=place.environ)
        assert loaded.settings == Settings(resources="generous")
        assert [source.layer for source in loaded.sources] == ["user"]

    def test_the_command_line_counts_more_than_the_project_and_that_more_than_the_user(self, place: Place) -> None:
        place.user_settings('resources = "generous"\napproval_policy = "on-failure"\nspawn = true\n')
        place.project_settings('resources = "moderate"\napproval_policy = "never"\n')
        place.trust()
        loaded = place.load(overrides={"approval_policy": "unless-trusted"})
        assert loaded.settings == Settings(resources="moderate", approval_policy="unless-trusted", spawn=True)
        assert [(source.layer, source.standing) for source in loaded.sources] == [
            ("user", "trusted"),
            ("project", "trusted"),
            ("command line", "trusted"),
        ]

    def test_variables_of_layers_add_up(self, place: Place) -> None:
        place.user_settings('[environment]\nset = {A = "1", B = "1"}\nexclude = ["X*"]\n')
        place.project_settings('[environment]\nset = {B = "2"}\n')
        place.trust()
        environment = place.load().settings.environment
        assert environment.set == {"A": "1", "B": "2"}
        assert environment.exclude == ("X*",)

    def test_an_untrusted_project_only_tightens(self, place: Place) -> None:
        place.user_settings('network = "full"')
        place.project_settings('network = {mode = "limited", hosts = ["a.b"]}\nspawn = true\nwithout = ["exec"]\n')
        loaded = place.load()
        assert loaded.settings.network.names("a.b")
        assert not loaded.settings.network.names("c.d")
        assert loaded.settings.without == ("exec",)
        assert not loaded.settings.spawn
        (note,) = loaded.notes
        assert "`spawn`" in note
        assert "toolscript trust" in note
        assert loaded.sources[-1].standing == "untrusted"

    def test_the_command_line_may_loosen_what_an_untrusted_project_tightened(self, place: Place) -> None:
        place.project_settings('sandbox = "read-only"')
        assert place.load().settings.sandbox == ReadOnly()
        assert place.load(overrides={"sandbox": "workspace-write"}).settings.sandbox == WorkspaceWrite()

    def test_a_trusted_project_may_loosen(self, place: Place) -> None:
        place.project_settings('spawn = true\nsandbox = "danger-full-access"')
        place.trust()
        loaded = place.load()
        assert loaded.settings.spawn
        assert loaded.settings.sandbox.kind == "danger-full-access"
        assert loaded.notes == ()

    def test_the_older_spelling_of_switches_is_read(self, place: Place) -> None:
        place.user_settings("approval_policy = {reject = {rules = true}}")
        policy = place.load().settings.approval_policy
        assert (policy.rules, policy.sandbox_approval) == (False, True)

    def test_roots_are_resolved_from_home_and_from_the_project(self, place: Place, tmp_path: Path) -> None:
        (tmp_path / "home" / "data").mkdir()
        (tmp_path / "home" / "link").symlink_to("data")
        place.user_settings('sandbox = {kind = "workspace-write", roots = ["~/link"]}')
        assert place.load().settings.sandbox.roots == (str(tmp_path / "home" / "data"),)
        place.project_settings('sandbox = {kind = "workspace-write", roots = ["../beside"]}')
        place.trust()
        assert place.load().settings.sandbox.roots == (str(tmp_path / "beside"),)

    def test_a_relative_xdg_folder_is_ignored(self, tmp_path: Path) -> None:
        environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}
        assert user_folder(environ) == str(tmp_path / ".config" / "toolscript")
        assert user_folder({"XDG_CONFIG_HOME": "/x"}) == "/x/toolscript"


class TestRules:
    def test_every_rule_keeps_its_layer(self, place: Place) -> None:
        place.user_rules(ALLOW)
        place.project_rules(PROMPT)
        assert [(rule.source, rule.decision) for rule in place.load().rules] == [
            ("user", "allow"),
            ("project", "prompt"),
        ]
        assert load_rules(str(place.project), environ=place.environ) == place.load().rules

    def test_an_untrusted_project_allows_nothing(self, place: Place) -> None:
        place.project_rules(ALLOW + PROMPT)
        loaded = place.load()
        assert [rule.decision for rule in loaded.rules] == ["prompt"]
        (note,) = loaded.notes
        assert "1 rule that allows" in note
        assert "toolscript trust" in note
        place.trust()
        assert [rule.decision for rule in place.load().rules] == ["allow", "prompt"]
        assert place.load().notes == ()

    def test_what_is_wrong_with_rules_is_told_with_file_and_line(self, place: Place) -> None:
        path = place.user_rules(PROMPT + '\n[[rule]]\nprefix = ["ls"]\ndecision = "alow"\n')
        error = place.fails()
        assert f"{path}:6: rule 2: " in error.message
        assert "alow" in error.message

    def test_an_example_that_does_not_hold_keeps_the_rules_from_loading(self, place: Place) -> None:
        place.user_rules(PROMPT + 'match = ["git push"]\n')
        assert "git push" in place.fails().message


class TestWhatIsWrong:
    def test_every_problem_of_every_file_is_told_at_once_with_line_and_nearest_name(self, place: Place) -> None:
        user = place.user_settings(
            '# mine\napproval_policy = "on-requst"\n\n[environment]\ninhert = ["A"]\nset.TOKEN = 12345\n'
            '[sandbox]\nkind = "workspace-write"\nroots = ["here"]\n[network]\nmode = "ful"\n'
        )
        project = place.project_settings('without = ["exce"]\nspwan = true\n')
        rules = place.project_rules("[[rule]]\n")
        error = place.fails()
        problems: Any = error.details["problems"]
        found = {(item["place"], item["line"]): (item["message"], item["hint"]) for item in problems}
        assert [key for key in found if key[0] == str(user)] == [(str(user), line) for line in (2, 5, 6, 9, 11)]
        assert found[str(user), 2][1] == "did you mean on-request?"
        assert found[str(user), 5] == ("there is no setting `inhert` in `environment`", "did you mean inherit?")
        assert "12345" not in error.message
        assert found[str(project), 1][1] == "did you mean exec?"
        assert found[str(project), 2][1] == "did you mean spawn?"
        assert any(key[0] == str(rules) for key in found)
        assert all(item["message"] in error.message for item in problems)

    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("spawn = tru", 1, "not TOML"),
            ('x = "\n', 1, "not TOML"),
            ("spawn = true\nspawn = false\n", 2, "not TOML"),
            ('\n\nsandbox = "read-onl"', 3, "read-only"),
            ("sandbox = {roots = []}", 1, "kind"),
            ("sandbox = 5", 1, "a name or a table"),
            ('[sandbox]\nkind = "read-only"\nroots = []', 3, "no setting `roots`"),
            ('network = {mod = "full"}', 1, "did you mean mode?"),
            ("environment = 3", 1, "a table"),
            ('readable = ".env"', 1, "a list"),
            ("spawn = 'perhaps'", 1, "true or false"),
            ("approval_policy = {reject = {rulez = true}}", 1, "sandbox_approval, rules"),
            ("approval_policy = {reject = {rules = 1}}", 1, "neither true nor false"),
            ("approval_policy = {reject = {}, rules = true}", 1, "alone"),
            ("approval_policy = {rulez = true}", 1, "did you mean rules?"),
            ("[approval_policy]\nrules = true\nmcp = false", 3, "no setting `mcp`"),
        ],
    )
    def test_a_problem_names_its_line_and_what_is_accepted(self, place: Place, text: str, line: int, said: str) -> None:
        path = place.user_settings(text)
        error = place.fails()
        assert error.message.startswith(f"{path}:{line}: ")
        assert said in f"{error.message} {error.hint}"

    def test_problems_of_the_command_line_say_so(self, place: Place) -> None:
        with pytest.raises(ConfigError, match="the command line: `resources` cannot be 'big'"):
            place.load(overrides={"resources": "big"})

    def test_bytes_that_are_not_utf_8(self, place: Place) -> None:
        path = place.user_settings(b"spawn = true\n# \xff\n")
        assert place.fails().message == f"{path}:2: it is not UTF-8"

    def test_a_file_that_is_too_large(self, place: Place) -> None:
        place.user_settings(b"#" * MAX_FILE_BYTES)
        place.load()
        place.user_settings(b"#" * (MAX_FILE_BYTES + 1))
        assert f"more than {MAX_FILE_BYTES} bytes" in place.fails().message

    @pytest.mark.parametrize("mode", [0o620, 0o602])
    def test_a_users_file_that_others_may_write_is_refused_as_ssh_refuses_it(self, place: Place, mode: int) -> None:
        path = place.user_rules(ALLOW)
        path.chmod(mode)
        error = place.fails()
        assert "other users may write it" in error.message
        assert error.hint == f"run chmod go-w {path}"

    def test_a_users_folder_that_others_may_write_is_refused(self, place: Place) -> None:
        place.user_rules(ALLOW)
        place.user.chmod(0o777)
        assert place.fails().hint == f"run chmod go-w {place.user}"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
    def test_a_users_file_of_another_user_is_refused(self, place: Place) -> None:
        os.chown(place.user_rules(ALLOW), 65534, 65534)
        assert "another user" in place.fails().message

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
    def test_a_file_that_may_not_be_read(self, place: Place) -> None:
        place.user_rules(ALLOW).chmod(0)
        assert "permission denied" in place.fails().message

    def test_a_users_file_may_be_a_link(self, place: Place, tmp_path: Path) -> None:
        place.write(tmp_path / "dotfile", "spawn = true")
        (place.user / "toolscript.toml").symlink_to(tmp_path / "dotfile")
        assert place.load().settings.spawn

    def test_a_projects_file_may_not_be_a_link(self, place: Place, tmp_path: Path) -> None:
        place.write(tmp_path / "elsewhere", "spawn = true")
        (place.inside / "toolscript.toml").symlink_to(tmp_path / "elsewhere")
        assert "it is a link" in place.fails().message

    def test_a_projects_folder_may_not_be_a_link(self, place: Place, tmp_path: Path) -> None:
        place.inside.rmdir()
        (tmp_path / "elsewhere").mkdir()
        place.inside.symlink_to(tmp_path / "elsewhere")
        assert "links are not followed" in place.fails().message

    def test_a_pipe_in_the_place_of_a_file_does_not_block(self, place: Place) -> None:
        os.mkfifo(place.inside / "rules.toml")
        assert "no regular file" in place.fails().message

    def test_a_workspace_that_is_not_there(self, place: Place) -> None:
        with pytest.raises(ConfigError, match="cannot be opened"):
            load_settings("/nowhere/at/all", environ=place.environ)


class TestTrust:
    def test_trust_is_bound_to_the_files_as_they_are(self, place: Place) -> None:
        path = place.project_settings("spawn = true")
        place.trust()
        assert place.load().settings.spawn
        place.write(path, "spawn = true # changed")
        loaded = place.load()
        assert not loaded.settings.spawn
        assert loaded.sources[-1].standing == "changed"
        assert "changed since" in loaded.notes[0]
        place.write(path, "spawn = true")
        assert place.load().settings.spawn

    def test_a_new_file_beside_a_trusted_one_ends_the_trust(self, place: Place) -> None:
        place.project_settings("spawn = true")
        place.trust()
        place.project_rules("")
        assert place.load().sources[-1].standing == "changed"

    def test_trust_is_bound_to_the_folder(self, place: Place, tmp_path: Path) -> None:
        place.project_settings("spawn = true")
        place.trust()
        place.project.rename(tmp_path / "moved")
        loaded = load_settings(str(tmp_path / "moved"), environ=place.environ)
        assert loaded.sources[-1].standing == "untrusted"

    def test_a_link_to_a_trusted_folder_is_that_folder(self, place: Place, tmp_path: Path) -> None:
        place.project_settings("spawn = true")
        place.trust()
        (tmp_path / "link").symlink_to(place.project)
        assert load_settings(str(tmp_path / "link"), environ=place.environ).settings.spawn

    def test_what_was_shown_is_trusted_not_what_lies_there_later(self, place: Place) -> None:
        path = place.project_settings("spawn = true")
        seen = preview_trust(str(place.project), environ=place.environ)
        place.write(path, 'sandbox = "danger-full-access"')
        trust(str(place.project), digest=seen.digest, environ=place.environ)
        assert place.load().sources[-1].standing == "changed"

    def test_a_preview_loads_a_project_both_ways(self, place: Place) -> None:
        place.project_settings("spawn = true")
        place.project_rules(ALLOW)
        seen = preview_trust(str(place.project), environ=place.environ)
        assert (seen.before.settings.spawn, seen.after.settings.spawn) == (False, True)
        assert (len(seen.before.rules), len(seen.after.rules)) == (0, 1)
        assert trusted_folders(environ=place.environ) == {}

    def test_trust_can_be_taken_back(self, place: Place) -> None:
        place.project_settings("spawn = true")
        place.trust()
        assert untrust(str(place.project), environ=place.environ)
        assert not place.load().settings.spawn
        assert not untrust(str(place.project), environ=place.environ)

    def test_the_record_belongs_to_the_user_alone(self, place: Place) -> None:
        place.project_settings("")
        place.trust()
        record = place.user / "trusted.json"
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        assert list(json.loads(record.read_text())["folders"]) == [str(place.project)]

    def test_a_record_that_others_may_write_trusts_nobody(self, place: Place) -> None:
        place.project_settings("")
        place.trust()
        (place.user / "trusted.json").chmod(0o666)
        assert "other users may write it" in place.fails().message

    @pytest.mark.parametrize(
        "text", ["", "[]", "{", '{"version": 2, "folders": {}}', '{"version": 1, "folders": {"/": 5}}']
    )
    def test_a_broken_record_is_an_error_not_an_empty_record(self, place: Place, text: str) -> None:
        place.project_settings("")
        place.write(place.user / "trusted.json", text)
        assert "no record of trusted folders" in place.fails().message

    def test_a_folder_without_files_has_nothing_to_trust(self, place: Place) -> None:
        with pytest.raises(ConfigError, match="no settings and no rules to trust"):
            place.trust()
        assert list(place.user.iterdir()) == []

    def test_is_trusted_says_whether_a_digest_is(self, place: Place) -> None:
        place.project_settings("")
        place.trust()
        (digest,) = trusted_folders(environ=place.environ).values()
        assert is_trusted(str(place.project), digest, environ=place.environ)
        assert not is_trusted(str(place.project), "other", environ=place.environ)
        assert standing("/", digest, environ=place.environ) == "untrusted"


class TestAmendments:
    def append(self, place: Place, *words: str) -> str:
        return append_amendment(Amendment(words), environ=place.environ)

    def test_the_first_one_makes_the_file(self, tmp_path: Path) -> None:
        environ = {"HOME": str(tmp_path)}
        path = Path(append_amendment(Amendment(("make", "test")), environ=environ))
        assert path == tmp_path / ".config" / "toolscript" / "rules.toml"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        (rule,) = load_rules(None, environ=environ)
        assert (rule.prefix, rule.decision) == ((("make",), ("test",)), "allow")

    @pytest.mark.parametrize("text", ["# mine\n" + PROMPT, "# no line end", PROMPT.replace("\n", "\r\n"), ""])
    def test_what_stands_there_stays_as_it_is(self, place: Place, text: str) -> None:
        path = place.user_rules(text)
        path.chmod(0o640)
        self.append(place, "make", "test")
        grown = path.read_bytes().decode()
        assert grown.startswith(text)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert len(parse_rules(grown, source="user", name="x")) == text.count("[[rule]]") + 1

    def test_the_same_rule_is_written_once(self, place: Place) -> None:
        path = Path(self.append(place, "make", "test"))
        before = path.read_bytes()
        self.append(place, "make", "test")
        assert path.read_bytes() == before
        self.append(place, "make")
        assert len(load_rules(None, environ=place.environ)) == 2

    def test_a_file_that_is_not_in_order_is_left_alone(self, place: Place) -> None:
        path = place.user_rules("[[rule]")
        with pytest.raises(ConfigError):
            self.append(place, "make")
        assert path.read_text() == "[[rule]"
        assert sorted(item.name for item in place.user.iterdir()) == [".lock", "rules.toml"]

    def test_a_file_that_would_become_too_large_is_left_alone(self, place: Place) -> None:
        path = place.user_rules("#" * (MAX_FILE_BYTES - 10))
        with pytest.raises(ConfigError, match="more than"):
            self.append(place, "make")
        assert path.stat().st_size == MAX_FILE_BYTES - 10

    def test_a_lock_that_another_program_keeps_is_waited_for_and_then_an_error(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(replacing, "_LOCK_WAIT_S", 0.05)
        with replacing.locked(user_folder(place.environ)), pytest.raises(ConfigError, match="holds the lock"):
            self.append(place, "make")
        self.append(place, "make")

    def test_an_amendment_that_is_no_rule_is_not_written(self, place: Place) -> None:
        path = place.user_rules(PROMPT)
        with pytest.raises(ConfigError, match="prefix"):
            self.append(place)
        assert path.read_text() == PROMPT

    def test_a_link_stays_a_link(self, place: Place, tmp_path: Path) -> None:
        place.write(tmp_path / "dotfile", "# mine\n")
        (place.user / "rules.toml").symlink_to(tmp_path / "dotfile")
        self.append(place, "make")
        assert (place.user / "rules.toml").is_symlink()
        assert "make" in (tmp_path / "dotfile").read_text()

    def test_a_folder_that_cannot_be_made_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / ".config").write_text("")
        with pytest.raises(ConfigError, match="cannot be written"):
            append_amendment(Amendment(("make",)), environ={"HOME": str(tmp_path)})

    def test_processes_that_append_at_once_lose_nothing(self, place: Place) -> None:
        program = (
            "import sys\nfrom harness.config import append_amendment\nfrom policy.commands import Amendment\n"
            "for number in range(8):\n"
            "    append_amendment(Amendment(('make', f'{sys.argv[1]}-{number}')))\n"
            "    append_amendment(Amendment(('make', f'shared-{number}')))\n"
        )
        environ: Mapping[str, str] = {**os.environ, **place.environ, "XDG_CONFIG_HOME": ""}
        running = [subprocess.Popen([sys.executable, "-c", program, str(name)], env=environ) for name in range(4)]
        assert [process.wait(60) for process in running] == [0, 0, 0, 0]
        words = [rule.prefix[1][0] for rule in load_rules(None, environ=place.environ)]
        assert len(words) == len(set(words)) == 4 * 8 + 8


class TestProtectedPaths:
    def test_the_users_folder_and_the_projects_are_protected(self, place: Place) -> None:
        assert protected_paths(str(place.project), environ=place.environ) == (str(place.user), str(place.inside))
        assert protected_paths(None, environ=place.environ) == (str(place.user),)

    def test_they_are_named_before_they_exist(self, tmp_path: Path) -> None:
        paths = protected_paths(str(tmp_path), environ={"HOME": str(tmp_path)})
        assert paths == (str(tmp_path / ".config" / "toolscript"), str(tmp_path / ".toolscript"))
        assert list(tmp_path.iterdir()) == []

    def test_what_links_lead_to_is_protected_too(self, place: Place, tmp_path: Path) -> None:
        place.write(tmp_path / "dotfile", "")
        (place.user / "rules.toml").symlink_to(tmp_path / "dotfile")
        place.inside.rmdir()
        (tmp_path / "elsewhere").mkdir()
        place.inside.symlink_to(tmp_path / "elsewhere")
        paths = protected_paths(str(place.project), environ=place.environ)
        assert set(paths) == {
            str(place.user),
            str(place.inside),
            str(tmp_path / "dotfile"),
            str(tmp_path / "elsewhere"),
        }


def test_readers_see_the_old_file_or_the_new_one(place: Place) -> None:
    """While one process appends, every reading is in order and has at least the rules of the one before."""
    program = (
        "from harness.config import append_amendment\nfrom policy.commands import Amendment\n"
        "for number in range(30):\n    append_amendment(Amendment(('make', str(number))))\n"
    )
    environ = {**os.environ, **place.environ, "XDG_CONFIG_HOME": ""}
    writer = subprocess.Popen([sys.executable, "-c", program], env=environ)
    counted: list[int] = []
    while writer.poll() is None:
        counted.append(len(load_rules(None, environ=place.environ)))
    assert writer.returncode == 0
    assert counted == sorted(counted)
    assert len(load_rules(None, environ=place.environ)) == 30


class TestServers:
    def test_a_server_of_an_untrusted_project_is_not_there(self, place: Place) -> None:
        place.user_settings('[mcp.servers.own]\ncommand = "a"\ntrusted = true\n')
        place.project_settings(
            '[mcp.servers.evil]\ncommand = "b"\n[mcp.servers.own]\ncommand = "b"\n[telemetry]\ncontent = true\n'
        )
        loaded = place.load()
        assert {name: server.command for name, server in loaded.settings.mcp.servers.items()} == {"own": "a"}
        assert not loaded.settings.telemetry.content
        assert [note.partition("`")[2].partition("`")[0] for note in loaded.notes] == [
            "mcp.servers.evil",
            "mcp.servers.own",
            "telemetry.content",
        ]
        place.trust()
        servers = place.load().settings.mcp.servers
        assert {name: server.command for name, server in servers.items()} == {"own": "b", "evil": "b"}

    def test_what_is_wrong_with_servers_is_told_with_its_line_and_without_its_value(self, place: Place) -> None:
        path = place.user_settings(
            '[mcp.servers.a]\ncomand = "x"\n[mcp.servers.b]\nurl = "https://x"\nargs = ["y"]\n'
            '[mcp.servers.c]\nurl = "https://x"\nheaders = {Authorization = ["s3cret"]}\n[mcp.servers.d]\n'
            'command = "x"\ncwd = "here"\n[mcp.serves]\n'
        )
        error = place.fails()
        problems = error.details["problems"]
        said = [(item["line"], item["message"], item["hint"]) for item in problems]  # type: ignore[index,union-attr]
        assert said == [
            (2, "there is no setting `comand` in `mcp.servers.a`", "did you mean command?"),
            (3, "`mcp.servers.b`: args goes with command, and this server has url", None),
            (8, "`mcp.servers.c.headers.Authorization` is a list, and must be text in quotes", None),
            (11, "`mcp.servers.d.cwd` is 'here', which is no absolute path", "write it from / or ~/ on"),
            (12, "there is no setting `serves` in `mcp`", "did you mean servers?"),
        ]
        assert str(path) in str(error)
        assert "s3cret" not in str(error)

    def test_headers_are_not_shown(self, place: Place) -> None:
        place.user_settings('[mcp.servers.c]\nurl = "https://x"\nheaders = {Authorization = "s3cret"}\n')
        settings = place.load().settings
        assert "s3cret" not in repr(settings) + settings.model_dump_json()
        assert settings.mcp.servers["c"].headers["Authorization"].get_secret_value() == "s3cret"


class TestOverridesInFiles:
    def test_layers_merge_setting_by_setting_of_each_provider_and_model(self, place: Place) -> None:
        place.user_settings(
            '[providers.a]\nmode = "dry-run"\nspawn = true\n[providers.a.models.m]\nlimits = {steps = 5}\n'
            "[limits]\ntool_calls = 7\n"
        )
        place.project_settings(
            '[providers.a]\nmode = "disabled"\n[providers.a.models.m]\nlimits = {tool_calls = 3}\n[limits]\nsteps = 9\n'
        )
        place.trust()
        settings = place.load(overrides={"mode": "enabled"}).settings
        assert (settings.mode, settings.limits.steps, settings.limits.tool_calls) == ("enabled", 9, 7)
        for_model = resolved(settings, provider="a", model="m")
        assert (for_model.mode, for_model.spawn) == ("disabled", True)
        assert (for_model.limits.steps, for_model.limits.tool_calls) == (5, 3)

    def test_of_an_untrusted_project_no_override_counts(self, place: Place) -> None:
        place.user_settings('mode = "disabled"\n')
        place.project_settings(
            'mode = "enabled"\nexpose = ["read_*"]\n[providers."*"]\nmode = "enabled"\n[limits]\nsteps = 5\ntool_calls = 9999\n'
        )
        loaded = place.load()
        assert resolved(loaded.settings, provider="x").mode == "disabled"
        assert (loaded.settings.expose, loaded.settings.limits.steps) == (("read_*",), 5)
        assert loaded.settings.limits.tool_calls == 100
        told = [note.split(":")[0].split("`")[1] for note in loaded.notes]
        assert told == ["mode", "limits.tool_calls", "providers.*"]

    def test_what_is_wrong_in_an_override_is_told_with_its_line_and_the_nearest_key(self, place: Place) -> None:
        place.user_settings(
            '[providers.a]\nmod = "enabled"\n[providers.a.models."gpt-5.1"]\nlimits = {step = 1}\nmode = "on"\n'
            '[providers.b]\nmcp = {}\n[providers.b.sandbox]\nkind = "workspace-write"\nroots = ["here"]\ntmpp = 1\n'
            "[limits]\nsteps = -1\n"
        )
        problems: Any = place.fails().details["problems"]
        assert [(item["line"], item["message"].split(":")[0]) for item in problems] == [
            (2, "there is no setting `mod` in `providers.a`"),
            (4, "there is no setting `step` in `providers.a.models.gpt-5.1.limits`"),
            (5, "`providers.a.models.gpt-5.1.mode` cannot be 'on', only disabled or dry-run or enabled"),
            (7, "there is no setting `mcp` in `providers.b`"),
            (10, "`providers.b.sandbox.roots` has 'here', which is no absolute path"),
            (11, "there is no setting `tmpp` in `providers.b.sandbox`"),
            (13, "`limits.steps`"),
        ]
        hints = [item["hint"] for item in problems]
        assert hints[:2] == ["did you mean mode?", "did you mean steps?"]
        assert hints[5] == "did you mean tmp?"


class TestEnvironment:
    def load(self, place: Place, **variables: str) -> Any:
        return load_settings(str(place.project), environ={**place.environ, **variables}).settings

    def test_variables_count_more_than_the_project_and_less_than_the_command_line(self, place: Place) -> None:
        place.user_settings('resources = "generous"\nmode = "disabled"\nspawn = true\n')
        variables = {"TOOLSCRIPT_RESOURCES": "moderate", "TOOLSCRIPT_MODE": "dry-run"}
        assert (self.load(place, **variables).mode, self.load(place, **variables).resources) == ("dry-run", "moderate")
        loaded = load_settings(None, environ={**place.environ, **variables}, overrides={"mode": "enabled"})
        assert (loaded.settings.mode, loaded.settings.resources, loaded.settings.spawn) == ("enabled", "moderate", True)
        assert [source.layer for source in loaded.sources] == ["user", "environment", "command line"]

    def test_the_token_of_a_server_is_no_setting(self, place: Place) -> None:
        assert TOKEN_VARIABLE in NO_SETTINGS
        assert self.load(place, TOOLSCRIPT_TOKEN="s3cret") == Settings()

    def test_values_are_written_as_in_the_file_or_bare(self, place: Place) -> None:
        settings = self.load(
            place,
            TOOLSCRIPT_LIMITS__STEPS="1000",
            TOOLSCRIPT_EXPOSE='["a*", "b"]',
            TOOLSCRIPT_SANDBOX="read-only",
            TOOLSCRIPT_NETWORK__MODE="limited",
            TOOLSCRIPT_NETWORK__HOSTS='["a.b"]',
            TOOLSCRIPT_APPROVAL_POLICY="{rules = false}",
            TOOLSCRIPT_PROVIDERS='{openai = {mode = "disabled"}}',
            TOOLSCRIPT_SPAWN="true",
        )
        assert (settings.limits.steps, settings.expose, settings.sandbox) == (1000, ("a*", "b"), ReadOnly())
        assert settings.network.hosts == ("a.b",)
        assert (settings.approval_policy.rules, settings.spawn) == (False, True)
        assert settings.providers["openai"].mode == "disabled"

    def test_a_variable_goes_into_so_many_tables(self, place: Place) -> None:
        for tables, is_too_many in ((8, False), (9, True)):
            name = "TOOLSCRIPT_LIMITS" + "__STEPS" * tables
            with pytest.raises(ConfigError) as caught:
                self.load(place, **{name: "5"})
            assert ("no setting for the variable" in str(caught.value)) is is_too_many

    @pytest.mark.parametrize(
        ("value", "hint"),
        [
            ('["a", "b"', "it is not TOML: unclosed array"),
            ("a*", 'a list is written ["a", "b"]'),
            (str(["a.b.c"] * 101), "it is not TOML: more than 200 dots in a line: write it in several lines"),
        ],
    )
    def test_a_list_that_is_not_well_written_is_told_how_it_is(self, place: Place, value: str, hint: str) -> None:
        with pytest.raises(ConfigError) as caught:
            self.load(place, TOOLSCRIPT_EXPOSE=value)
        assert str(caught.value).endswith(f"`expose` is text, and must be a list\nhint: {hint}")

    def test_every_problem_is_told_and_no_value_that_could_be_a_secret(self, place: Place) -> None:
        place.user_settings("spwan = true\n")
        with pytest.raises(ConfigError) as caught:
            self.load(
                place,
                TOOLSCRIPT_MODES="s3cret",
                TOOLSCRIPT_LIMITS__STEP="5",
                TOOLSCRIPT_SPAWN="s3cret",
                TOOLSCRIPT_MCP="s3cret",
            )
        said = str(caught.value)
        assert "has 5 problems" in said
        assert "no setting for the variable `TOOLSCRIPT_MODES` (did you mean TOOLSCRIPT_MODE?)" in said
        assert "the environment: there is no setting `step` in `limits` (did you mean steps?)" in said
        assert "s3cret" not in said
