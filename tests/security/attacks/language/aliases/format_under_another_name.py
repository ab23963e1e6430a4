# str.format under another name.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

fill = [str.format][0]
found = fill('{0.__class__}', 1)
