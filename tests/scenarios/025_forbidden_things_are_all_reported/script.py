import os
import json

data = eval("1 + 1")
print(().__class__.__bases__)
with open("/etc/passwd") as f:
    text = f.read()
