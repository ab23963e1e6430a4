"""Runs workloads under plain CPython, in an interpreter that has imported nothing else.

Started as `python -I -S plain_server.py`. For each line on stdin, the path of a workload, it executes the file in
fresh globals, calls its `main()`, and answers with the seconds and the result as one line of JSON.
"""

import json
import sys
import time

for path in sys.stdin:
    with open(path.strip(), encoding="utf-8") as file:
        source = file.read()
    started = time.perf_counter()
    names: dict = {"__name__": "workload"}
    exec(compile(source, "<workload>", "exec"), names)
    result = names["main"]()
    elapsed = time.perf_counter() - started
    print(json.dumps({"seconds": elapsed, "result": result}), flush=True)
