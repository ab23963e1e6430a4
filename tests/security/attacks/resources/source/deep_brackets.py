# Thousands of brackets.
# expect: script.syntax

x = (
    [  # times: 3000
    ]  # times: 3000
)
