"""What all soak tests share."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """asyncio, unless a test says otherwise: these tests are about processes, and dear."""
    return "asyncio"
