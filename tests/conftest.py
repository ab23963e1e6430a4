"""What holds for all tests."""

from hypothesis import settings

# An example that takes long on a busy machine is no failure: a timed assertion is not a test.
settings.register_profile("toolscript", deadline=None)
settings.load_profile("toolscript")
