# A row of a csv without end.
# expect: ?

import csv, itertools

list(csv.reader(itertools.repeat('"a')))
