calls = []


def yes(tag):
    calls.append(tag)
    return True


def no(tag):
    calls.append(tag)
    return False


results = [
    yes("a") or yes("b"),
    no("c") and yes("d"),
    no("e") or [] or "fallback",
    "x" and 0 and yes("f"),
    not (yes("g") and no("h")),
]
value = None or {} or "default"
chosen = "big" if len(calls) > 3 else "small"
{"results": results, "calls": calls, "value": value, "chosen": chosen}
