import base64

raw = b"hello world \xff\xfe"
for name in ("b64", "b32", "b16", "b85", "a85", "standard_b64", "urlsafe_b64"):
    encode, decode = {
        "b64": (base64.b64encode, base64.b64decode),
        "b32": (base64.b32encode, base64.b32decode),
        "b16": (base64.b16encode, base64.b16decode),
        "b85": (base64.b85encode, base64.b85decode),
        "a85": (base64.a85encode, base64.a85decode),
        "standard_b64": (base64.standard_b64encode, base64.standard_b64decode),
        "urlsafe_b64": (base64.urlsafe_b64encode, base64.urlsafe_b64decode),
    }[name]
    print(name, encode(raw).decode(), decode(encode(raw)) == raw)
print(base64.b32hexencode(b"x"), base64.b32hexdecode(b"F0======"), base64.encodebytes(raw), base64.decodebytes(b"aGk=\n"))
try:
    base64.b64decode("abc")
except ValueError as error:
    print(type(error).__name__, error)
base64.b64encode("naïve".encode()).decode("ascii")
