# A chain of thousands of attributes.
# expect: script.syntax

x = (
    print
    .x  # times: 5000
)
