print(context.working_directory, context["provider"], context.model, context.tools)
before = context.remaining_tool_calls
await tools.ping()
return [before, context.remaining_tool_calls, context.limits.tool_calls, len(context.script_id) > 0]
