import csv
import io

rows = [{"city": "Oslo", "pop": 700000, "note": 'big, "cold"'}, {"city": "Rome", "pop": 2800000, "note": None}]
out = io.StringIO()
writer = csv.DictWriter(out, fieldnames=["city", "pop", "note"], lineterminator="\n")
writer.writeheader()
writer.writerows(rows)
writer.writerow({"city": "X", "pop": 1, "note": "y"})
print(out.getvalue())
plain = io.StringIO()
w = csv.writer(plain, quoting=csv.QUOTE_ALL, delimiter="\t")
w.writerow(["a", 1, None, 2.5])
w.writerows([[1, 2], ["x", "y z"]])
print(repr(plain.getvalue()))
minimal = io.StringIO()
csv.writer(minimal, quoting=csv.QUOTE_MINIMAL, quotechar="|", dialect=csv.unix_dialect).writerow(["a,b", "c"])
csv.writer(minimal, dialect="excel-tab").writerow([1, 2])
csv.writer(minimal, csv.excel).writerow([3, 4])
csv.writer(minimal, csv.excel_tab).writerow([5, 6])
print(repr(minimal.getvalue()))
try:
    csv.DictWriter(io.StringIO(), ["a"]).writerow({"b": 1})
except ValueError as error:
    print(error)


class Pipes(csv.Dialect):
    delimiter = "|"
    quotechar = '"'
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL


piped = io.StringIO()
csv.writer(piped, dialect=Pipes).writerow(["a|b", 2])
sniffed = csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n")
print(repr(piped.getvalue()), sniffed.delimiter, csv.Sniffer().has_header("name;n\nann;1\nbob;2\n"))
