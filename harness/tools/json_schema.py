"""JSON Schemas of others: compiled so that they can neither fetch anything nor take long, and what they find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class SchemaFault(ValueError):
    """A schema is none, or needs something from elsewhere."""


def validator_of(schema: Mapping[str, Any]) -> Any:
    """Compile a schema.

    Patterns run in the `regex` engine, which is linear in the text, so that neither a foreign schema nor a script can
    make it backtrack. A `$ref` leads to a place in the schema itself: one that names a file or an address would have
    the host read it.

    Raises:
        SchemaFault: it is no JSON Schema, or refers to something outside of itself.
    """
    import jsonschema_rs

    try:
        return jsonschema_rs.validator_for(
            dict(schema), pattern_options=jsonschema_rs.RegexOptions(), retriever=_refused
        )
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise SchemaFault(str(error).partition("\n")[0]) from None


def problems_of(validator: Any, value: object) -> Iterator[tuple[tuple[object, ...], str]]:
    """Yield the path and the message of everything that is wrong with plain data."""
    for error in validator.iter_errors(value):
        yield tuple(error.instance_path), error.message


def filled_in(form: Mapping[str, object], given: Mapping[str, object] | None) -> dict[str, object]:
    """Return the fields of a form: what was given, and the defaults of the others.

    Raises:
        ValueError: `form` is no schema, or the fields do not fit it; the message says which, for who filled it in.
    """
    fields = {**_defaults(form), **(given or {})}
    faults = [f"{'.'.join(map(str, path))}: {said}" if path else said for path, said in _faults(form, fields)]
    if faults:
        raise ValueError("; ".join(faults))
    return fields


def has_open_fields(form: Mapping[str, object]) -> bool:
    """Say whether a form needs fields that have no default: an approval alone does not answer it."""
    required = form.get("required")
    return isinstance(required, (list, tuple)) and bool(set(map(str, required)) - set(_defaults(form)))


def _faults(form: Mapping[str, object], fields: dict[str, object]) -> Iterator[tuple[tuple[object, ...], str]]:
    return problems_of(validator_of(form), fields)


def _defaults(form: Mapping[str, object]) -> dict[str, object]:
    properties = form.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return {
        str(name): field["default"]
        for name, field in properties.items()
        if isinstance(field, Mapping) and field.get("default") is not None
    }


def _refused(uri: str) -> Any:
    raise ValueError(f"{uri} is not fetched")
