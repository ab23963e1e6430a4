"""Faults and load: what the project does when processes are killed, stopped or starved, and when there is a lot to do.

`make test` runs the short form of everything here, `make soak` the long one: the same code with other numbers. Every
random choice comes from one seed, which is printed; `TOOLSCRIPT_SOAK_SEED` sets it.
"""
