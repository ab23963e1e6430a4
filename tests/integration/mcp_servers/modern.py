"""A server of the official SDK: the stateless protocol over stdio, or streamable HTTP behind `app`."""

from typing import Annotated

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp_types import ToolAnnotations
from pydantic import BaseModel

server = MCPServer("modern")


class Place(BaseModel):
    name: str
    people: int = 0


class Age(BaseModel):
    age: int


async def ask_age(who: str) -> Elicit[Age]:
    return Elicit(f"How old is {who}?", Age)


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
def place(name: str) -> Place:
    """Find a place."""
    return Place(name=name, people=7)


@server.tool()
def places() -> list[Place]:
    """List places."""
    return [Place(name="a"), Place(name="b", people=1)]


@server.tool()
async def age(who: str, answer: Annotated[ElicitationResult[Age], Resolve(ask_age)]) -> str:
    """Ask how old somebody is."""
    return str(answer.data.age) if isinstance(answer, AcceptedElicitation) else answer.action


@server.tool()
async def count(to: int, context: Context) -> str:
    """Count slowly."""
    for number in range(1, to + 1):
        await context.report_progress(number, to, "counting")
    return "done"


@server.tool()
async def change(context: Context) -> str:
    """Change the tool `add`."""
    server.remove_tool("add")

    def add(a: int, b: int, c: int) -> int:
        return a + b + c

    server.add_tool(add)
    await context.notify_tools_changed()
    return "changed"


app = server.streamable_http_app()

if __name__ == "__main__":
    server.run()
