class Config:
    debug = False

    def __init__(self):
        self.level = 3


c = Config()
print(getattr(c, "level"), getattr(c, "missing", "default"), hasattr(c, "debug"), hasattr(c, "nope"))
setattr(c, "level", 9)
for key in ("host", "port"):
    setattr(c, key, key.upper())
delattr(c, "port")
print(c.level, c.host, hasattr(c, "port"))
method = getattr("hello", "upper")
try:
    getattr(c, "gone")
except AttributeError as error:
    print(error)
return method()
