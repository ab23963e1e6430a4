# Millions of parts of a text.
# expect: limit.memory

list('a,' * 10**8)
