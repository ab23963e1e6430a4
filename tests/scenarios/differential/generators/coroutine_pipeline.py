def grep(pattern, target):
    while True:
        line = yield
        if pattern in line:
            target.send(line)


def collector(out):
    while True:
        out.append((yield))


out = []
sink = collector(out)
next(sink)
pipe = grep("error", sink)
next(pipe)
for line in ["ok", "error: disk", "fine", "another error"]:
    pipe.send(line)
pipe.close()
out
