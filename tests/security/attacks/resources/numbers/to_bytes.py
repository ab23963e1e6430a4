# A number in billions of bytes.
# expect: ?

(1).to_bytes(10**10)
