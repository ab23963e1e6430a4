"""The CPython runtime: a zygote that forks one confined process per script, and the host side of it."""
