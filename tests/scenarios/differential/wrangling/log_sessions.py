from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

events = [
    ("ann", "2024-05-01T09:00", "login"), ("bob", "2024-05-01T09:05", "login"), ("ann", "2024-05-01T09:10", "view"),
    ("ann", "2024-05-01T11:00", "view"), ("bob", "2024-05-01T09:20", "buy"), ("ann", "2024-05-01T11:15", "buy"),
]
GAP = timedelta(minutes=30)
sessions = []
for user, rows in groupby(sorted(events), key=itemgetter(0)):
    current = []
    for _, stamp, action in rows:
        when = datetime.fromisoformat(stamp)
        if current and when - current[-1][0] > GAP:
            sessions.append((user, current))
            current = []
        current.append((when, action))
    sessions.append((user, current))
summary = [
    {"user": user, "start": s[0][0], "minutes": (s[-1][0] - s[0][0]).seconds // 60, "actions": [a for _, a in s]}
    for user, s in sessions
]
for row in summary:
    print(row["user"], row["start"].strftime("%H:%M"), row["minutes"], ",".join(row["actions"]))
return summary
