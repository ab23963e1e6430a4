SCHEMA = {"name": (str, True), "age": (int, True), "tags": (list, False)}


def validate(record, schema=SCHEMA):
    errors = []
    for field, (kind, required) in schema.items():
        if field not in record:
            if required:
                errors.append(f"{field}: missing")
        elif not isinstance(record[field], kind) or isinstance(record[field], bool):
            errors.append(f"{field}: expected {kind.__name__}, got {type(record[field]).__name__}")
    errors += [f"{field}: unknown" for field in record.keys() - schema.keys()]
    return errors


records = [{"name": "a", "age": 1}, {"name": 5, "age": "x", "zip": 1}, {"age": True, "tags": ()}, {}]
{i: validate(r) for i, r in enumerate(records) if validate(r)}
