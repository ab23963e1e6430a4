import asyncio

try:
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(tools.work(kind="slow"))
        group.create_task(tools.work(kind="broken"))
except* ToolError as errors:
    print([str(e) for e in errors.exceptions], slow.cancelled())
return "survived"
