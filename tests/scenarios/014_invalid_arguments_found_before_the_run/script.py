print("never printed")
await tools.send(to="ann@example.org", copies="three")
await tools.send(copies=1)
await tools.send(to="bob@example.org", urgent=True)
