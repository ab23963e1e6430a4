# A row of a csv without end.
# expect: limit.memory | limit.cpu_time

import csv, itertools

list(csv.reader(itertools.repeat('"a')))
