recipients = {"to": "ann@example.org", "copies": "three"}
try:
    await tools.send(**recipients)
except ToolInvalidArguments as error:
    print(error.code, isinstance(error, ToolError))
return "went on"
