def announce(text):
    print("about to", text)


announce("read")
text = await tools.read(path="missing.txt")
announce("never")
