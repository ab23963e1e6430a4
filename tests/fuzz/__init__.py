"""Fuzzing guided by coverage: `make fuzz`."""

TARGETS = ("validator", "frame_reader", "patch_parser", "detector", "shell_text", "settings", "rules")
