"""Servers at an address.

    python web.py LISTENING_DESCRIPTOR [token WORD | long]

By default the server of `modern.py`; with `token`, for those who bring it; `long` answers with nine megabytes.
"""

import json
import socket
import sys

import modern
import uvicorn


def guarded(app, token):
    async def check(scope, receive, send):
        given = dict(scope.get("headers", ())).get(b"authorization", b"").decode()
        if scope["type"] == "http" and given != f"Bearer {token}":
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return check


async def long(scope, receive, send):
    if scope["type"] != "http":
        return
    message = json.loads((await receive())["body"] or "{}")
    result = {"tools": [{"name": "long", "inputSchema": {"type": "object"}}]}
    if message.get("method") == "initialize":
        info = {"name": "long", "version": "1"}
        result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": info}
    if message.get("method") == "tools/call":
        result = {"content": [{"type": "text", "text": "x" * 9_000_000}]}
    is_known = "id" in message and message["method"] != "server/discover"
    body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode() if is_known else b""
    status = 200 if is_known else 404 if "id" in message else 202
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def main():
    descriptor, *how = sys.argv[1:]
    app = long if how == ["long"] else guarded(modern.app, how[1]) if how else modern.app
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off" if how == ["long"] else "on"))
    server.run(sockets=[socket.socket(fileno=int(descriptor))])


main()
