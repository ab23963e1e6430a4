def classify(group):
    seen = []
    try:
        raise group
    except* ValueError as errors:
        seen.append(("values", [str(e) for e in errors.exceptions]))
    except* (KeyError, IndexError) as errors:
        seen.append(("lookups", len(errors.exceptions)))
    else:
        seen.append("else")
    finally:
        seen.append("finally")
    return seen


print(classify(ExceptionGroup("g", [ValueError("a"), ValueError("b"), KeyError("k")])))
print(classify(ExceptionGroup("g", [IndexError("i")])))
try:
    classify(ExceptionGroup("mixed", [ValueError("v"), TypeError("t")]))
except ExceptionGroup as rest:
    print(rest.message, [repr(e) for e in rest.exceptions], rest)
print(classify(ValueError("single")))
