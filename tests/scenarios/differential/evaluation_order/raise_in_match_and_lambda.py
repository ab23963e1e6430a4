# raises: LookupError
def pick(command):
    match command:
        case {"op": "get", "key": str(key)} if len(key) > 2:
            return key
        case {"op": op, **rest}:
            raise LookupError(f"{op} {sorted(rest)}")


run = lambda c: (pick(c), "done")
print(run({"op": "get", "key": "abc"}))
run({"op": "get", "key": "ab", "extra": 1})
