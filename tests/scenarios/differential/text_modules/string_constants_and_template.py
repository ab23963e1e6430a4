import string
from string import Template

print(string.ascii_letters, string.ascii_lowercase, string.ascii_uppercase, string.digits, string.hexdigits, string.octdigits)
print(string.punctuation, repr(string.whitespace), len(string.printable), string.capwords("hello big-world  x", None))
t = Template("Dear $name, you owe $$${amount} for ${item}s")
print(t.substitute(name="Ann", amount=5, item="pen"), t.safe_substitute({"name": "Bob"}), t.substitute({"name": 1}, amount=2, item=3), t.template[:4])
for bad in (lambda: t.substitute(name="x"), lambda: Template("$ bad").substitute()):
    try:
        bad()
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
rot13 = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[13:] + string.ascii_lowercase[:13])
"hello".translate(rot13)
