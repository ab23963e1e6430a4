# A condition of thousands of parts.
# expect: script.syntax

if 0:
    pass
elif 1 == 2: pass  # times: 2000
