import asyncio

names = ["a", "bad", "c"]
results = await asyncio.gather(*[tools.load(name=n) for n in names], return_exceptions=True)
return {
    name: f"failed: {result.message}" if isinstance(result, ToolError) else result
    for name, result in zip(names, results)
}
