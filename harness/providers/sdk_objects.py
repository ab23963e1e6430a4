"""Objects of the SDKs, made the plain data that came over the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from harness.errors import ConfigError


def response_data(response: object) -> dict[str, object]:
    """Return a response or an event as a dict, a private copy of it.

    Args:
        response: A dict, or an object of an SDK: whatever has pydantic's `model_dump`.

    Raises:
        ConfigError: `config.invalid`, it is something else.
    """
    data = _plain(response)
    if not isinstance(data, dict):
        raise ConfigError(
            "config.invalid",
            f"a response cannot be {type(response).__name__}",
            hint="pass what the SDK's create() returned, or a dict; for a stream, what reader.response() returns",
        )
    return data


def objects_in(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects of a list that a response, or a part of one, may have; what else stands there is left out."""
    return [item for item in data.get(key) or [] if isinstance(item, dict)]


@contextmanager
def as_documented(what: str) -> Iterator[None]:
    """Say so if what is read has not the shape that its provider documents: servers of others differ.

    Raises:
        ConfigError: `config.invalid`.
    """
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            "config.invalid",
            f"{what} has not the shape that the provider documents: {type(error).__name__}: {error}",
            hint="look at what the server sent; name the provider if its format is another one",
        ) from error


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    dump = getattr(value, "model_dump", None)
    if dump is None:
        return value
    # Only what the provider sent. The SDKs warn about items that are newer than they are; those pass through as well.
    return dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
