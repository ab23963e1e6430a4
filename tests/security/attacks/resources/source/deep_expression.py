# A sum of thousands of terms.
# expect: script.syntax

x = (
    1
    + 1  # times: 5000
)
