"""A command sandbox without one of its barriers, for the tests alone: Python that the launcher of a test executes first.

Nothing of the product can do this: no flag, no setting, no variable.
"""

from __future__ import annotations

LANDLOCK = "from harness.confine import landlock; landlock.restrict_self = lambda ruleset: None"
SCOPES = "from harness.confine import landlock as l; a = l._attributes; l._attributes = lambda v, **k: a(v, **k)[:16]"
FILTER = "from harness.confine import seccomp; seccomp.install_program = lambda program: None"
CAPABILITIES = "from harness.confine import capabilities; capabilities.drop_keeping_ids = lambda: None"
PRIVILEGES = "from harness.confine import process; process.forbid_new_privileges = lambda: None"
CEILINGS = "from harness.confine import execution; execution.cap_command = lambda *a, **k: None"
DESCRIPTORS = "from harness.confine import process; process.close_descriptors = lambda first, last: None"
SESSION = "import os; os.setsid = lambda: None"
VIEWS = "from harness.confine import views; views.build = lambda *a, **k: None"
PINS = "from harness.confine import views; views._on_the_way = lambda guarded: []"
IPC = "from harness.confine import namespaces as n; e = n.enter; n.enter = lambda flags: e(flags & ~0x0C000000)"
NETWORK = "from harness.confine import namespaces as n; e = n.enter; n.enter = lambda flags: e(flags & ~0x40000000)"
WATCH = "from harness.confine import consumption; consumption.Watch.exceeded = lambda self: None"
PROCESSES = (
    "from harness.confine import launcher as l, separation as s; had = s.rehearse(); l.rehearse = lambda: "
    "s.Separation(tuple(n for n in had.held if n != 'pid_namespace'), {'pid_namespace': 'a test took it away'})"
)
SEPARATION = (
    "from harness.confine import launcher as l, separation as s; had = s.rehearse(); l.rehearse = lambda: "
    "s.Separation((), dict.fromkeys(had.held, 'a test took it away'))"
)
