"""Thin adapters to agent frameworks, each an extra of its own. Nothing of a framework is imported before it is used."""
