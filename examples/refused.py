# Every problem of a script is reported at once, before anything runs.
import os

files = await tools.list_dirs(path=".")
text = tools.read_file(path=1)
print(os.environ, text.__class__, eval("1 + 1"))
