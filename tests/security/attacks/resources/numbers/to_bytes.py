# A number in billions of bytes.
# expect: limit.memory

(1).to_bytes(10**10)
