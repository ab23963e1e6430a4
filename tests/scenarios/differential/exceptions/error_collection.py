records = ["10", "x", "30", "", "5.5"]
good, errors = [], []
for line, raw in enumerate(records, 1):
    try:
        value = int(raw)
    except ValueError as error:
        errors.append({"line": line, "raw": raw, "error": str(error)})
        continue
    good.append(value)
for e in errors:
    print(f"line {e['line']}: {e['error']}")
return {"sum": sum(good), "errors": errors}
