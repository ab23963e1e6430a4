# Millions of parts of a text.
# expect: ?

list('a,' * 10**8)
