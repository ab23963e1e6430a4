import re
from collections import Counter

log = """\
2024-05-01 10:00:01 [INFO] server: started on port 8080
2024-05-01 10:00:05 [ERROR] db: timeout after 30s (host=db1)
2024-05-01 10:01:00 [WARN] http: GET /users 404 in 12ms
not a log line
2024-05-01 10:02:30 [ERROR] http: POST /pay 500 in 1043ms
"""
line_re = re.compile(r"^(?P<date>\S+) (?P<time>\S+) \[(?P<level>[A-Z]+)\] (?P<source>\w+): (?P<message>.*)$")
entries = [m.groupdict() for line in log.splitlines() if (m := line_re.match(line))]
levels = Counter(e["level"] for e in entries)
times = [int(t) for t in re.findall(r"in (\d+)ms", log)]
requests = [dict(zip(("verb", "path", "status"), m)) for m in re.findall(r"(GET|POST) (\S+) (\d{3})", log)]
for e in entries:
    if e["level"] == "ERROR":
        print(e["time"], e["source"], "-", e["message"])
return {"levels": levels, "slowest": max(times), "requests": requests, "bad": len(log.splitlines()) - len(entries)}
