import io
from io import BytesIO, StringIO

buffer = StringIO()
buffer.write("line one\n")
print("line two", file=buffer)
print("a", "b", sep="-", end="!", file=buffer)
buffer.writelines(["x\n", "y"])
print(repr(buffer.getvalue()), buffer.tell())
buffer.seek(0)
print(repr(buffer.readline()), buffer.readlines(), buffer.read(), buffer.closed)
reader = io.StringIO("alpha\nbeta\ngamma\n")
for number, line in enumerate(reader, 1):
    print(number, line.rstrip())
with StringIO("with") as s:
    print(s.read(2), s.read())
raw = BytesIO(b"\x00\x01\x02")
raw.seek(1)
print(raw.read(), raw.getvalue(), raw.truncate(1), raw.getvalue(), raw.readable(), raw.seekable())
try:
    s.read()
except ValueError as error:
    print(error)
buffer.truncate(4)
buffer.getvalue()
