b = b"hello \xff\x00"
print(b, len(b), b[0], b[1:3], b.hex(), bytes.fromhex("00ff10"), b.split(), b"a,b".split(b","))
buf = bytearray(b"abc")
buf.append(100)
buf[0] = 65
buf.extend(b"ef")
buf += b"!"
del buf[1]
print(buf, bytes(buf).decode(), buf.find(b"e"), b"%d-%s" % (5, b"x"))
print(b"AbC".lower(), b"x".join([b"1", b"2"]), b"abc".replace(b"b", b"B"), list(b"abc"), bytes(3))
try:
    b.decode("utf-8")
except UnicodeDecodeError as error:
    print(error.reason, error.start, error.end, b.decode("utf-8", errors="replace"))
return {"raw": b"\x01\x02\x03", "array": bytearray(b"xyz")}
