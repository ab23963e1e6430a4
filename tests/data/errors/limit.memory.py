# limits: memory_bytes=20_000_000
x = "x" * 10**9
