"""The attacks, as data: one home for everything that is tried against the boundary.

- `language/<technique>/<slug>.py`: scripts that reach for what the language withholds, each with its harmless twin.
- `resources/<resource>/<slug>.py`: scripts that take more than they may, each with the limit that must end it.
- `worker.py`: arbitrary Python with ctypes in a confined worker, where the language is out of the way.
- `command.py`: what a program does that was started in the command sandbox.

`corpus.py` reads the scripts. `python -m tests.security.red_team` runs all of it against each layer alone.
"""
