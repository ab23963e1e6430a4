# Thousands of brackets.
# expect: ?

x = (
    [  # times: 3000
    ]  # times: 3000
)
