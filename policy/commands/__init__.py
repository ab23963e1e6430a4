"""Command rules: what a command is, which rules match it, and what they decide."""
