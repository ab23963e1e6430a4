text = """first line
  second "quoted" line
\tthird\\line"""
raw = r"C:\new\table"
joined = "implicit " "concatenation " 'mixed'
parenthesised = (
    "one "
    "two "
    f"{1 + 2}"
)
print(text)
print(raw, joined, parenthesised)
return text.splitlines()
