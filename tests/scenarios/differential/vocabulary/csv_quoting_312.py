# python: >=3.12
import csv
import io

out = io.StringIO()
csv.writer(out, quoting=csv.QUOTE_STRINGS, lineterminator="\n").writerow(["a", 1, None])
csv.writer(out, quoting=csv.QUOTE_NOTNULL, lineterminator="\n").writerow(["a", 1, None])
out.getvalue()
