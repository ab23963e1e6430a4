"""Attacks on the operating-system barriers alone: arbitrary Python, ctypes included, with no language layer."""
