try:
    await tools.read(path="missing.txt")
except ToolError as error:
    print(type(error).__name__, "|", error)
    return {"code": error.code, "message": error.message, "retryable": error.retryable, "details": error.details}
