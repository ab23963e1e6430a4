# A sum of thousands of terms.
# expect: ?

x = (
    1
    + 1  # times: 5000
)
