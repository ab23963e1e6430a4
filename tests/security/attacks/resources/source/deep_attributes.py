# A chain of thousands of attributes.
# expect: ?

x = (
    print
    .x  # times: 5000
)
