# A script of more bytes than it may have.
# expect: script.too_large

x = 1  # times: 30000
return x
