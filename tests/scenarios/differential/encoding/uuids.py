import uuid

a = uuid.uuid5(uuid.NAMESPACE_DNS, "example.com")
b = uuid.uuid3(uuid.NAMESPACE_URL, "https://example.com")
c = uuid.UUID("12345678-1234-5678-1234-567812345678")
print(a, b, c.hex, c.int, c.version, a.version, c.fields[0], c.bytes[:2], uuid.UUID(int=5), uuid.UUID(c.hex) == c, a < b, repr(c), c.urn)
fresh = uuid.uuid4()
print(fresh.version, len(str(fresh)), fresh != uuid.uuid4(), fresh.is_safe == uuid.SafeUUID.unknown, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500)
try:
    uuid.UUID("nope")
except ValueError as error:
    print(error)
return [a, c]
