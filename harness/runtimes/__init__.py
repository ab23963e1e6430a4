"""Runtimes execute checked scripts. `runtime` holds the interface, each folder one implementation."""
