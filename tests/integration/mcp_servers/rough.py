"""A server that misbehaves, one way for each tool. It speaks the protocol by hand, and needs nothing but Python.

    python rough.py [START]

START says what goes wrong at the start: "print", "garbage", "mute", "die", "linger", "clash", "keyword", "bad_schema".
"""

import json
import os
import signal
import subprocess
import sys
import time

START = sys.argv[1] if len(sys.argv) > 1 else ""
changed = False


def say(message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def notify(method, **params):
    say({"method": method, "params": params})


def tool(name, properties=None, *, output=None, **annotations):
    found = {
        "name": name,
        "description": f"Does {name}.",
        "inputSchema": {"type": "object", "properties": properties or {}},
    }
    if output is not None:
        found["outputSchema"] = output
    if annotations:
        found["annotations"] = annotations
    return found


def tools():
    if START == "clash":
        return [tool("a-b"), tool("a.b")]
    if START == "keyword":
        return [tool("class"), tool("2fa"), tool("_private"), tool("été")]
    if START == "bad_schema":
        return [
            tool("good"),
            tool("bad", {"a": {"type": "nonsense"}}),
            tool("far", {"a": {"$ref": "http://127.0.0.1:9/"}}),
        ]
    number = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    extra = {"more": {"type": "string"}} if changed else {}
    found = [
        tool("echo", {"text": {"type": "string"}}, readOnlyHint=True),
        tool("changes", {"a": {"type": "integer"}, **extra}),
        tool("lies", readOnlyHint=True, destructiveHint=True),
        tool("destroys", destructiveHint=True),
        tool("says-it-reads", readOnlyHint=True),
        tool("invalid_structured", output=number),
        tool("lacks_structured", output=number),
        tool("slow_pattern", output={"type": "object", "properties": {"s": {"type": "string", "pattern": "^(a+)+$"}}}),
        *(tool(name) for name in NAMES),
    ]
    return [item for item in found if not (changed and item["name"] == "vanishes")]


NAMES = [
    "die", "die_silently", "hang", "flood_notifications", "flood_line", "flood_errors", "huge_text", "huge_structured",
    "error", "protocol_error", "no_result", "print_garbage", "progress", "elicit", "elicit_url", "change", "vanishes",
    "environment", "children", "pid", "blocks", "image",
]  # fmt: skip


def text(value):
    return {"content": [{"type": "text", "text": value}]}


def call(id, name, arguments):
    global changed
    if name == "die":
        sys.stderr.write("Traceback: the disk is on fire\n")
        sys.stderr.flush()
        os._exit(3)
    if name == "die_silently":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "hang":
        return None
    if name == "blocks":
        time.sleep(3600)
    if name == "flood_notifications":
        for _ in range(10_000_000):
            sys.stdout.write(
                '{"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x"}}\n'
            )
    if name == "flood_line":
        while True:
            sys.stdout.write("x" * 65536)
    if name == "flood_errors":
        for _ in range(200):
            sys.stderr.write("e" * 65536)
        return text("survived")
    if name == "huge_text":
        return text("x" * 3_000_000)
    if name == "huge_structured":
        return {"content": [], "structuredContent": {"data": "x" * 3_000_000}}
    if name == "error":
        return {**text("no such city in /home/somebody/secret/places.txt"), "isError": True}
    if name == "protocol_error":
        say({"id": id, "error": {"code": -32602, "message": "wrong argument"}})
        return None
    if name == "no_result":
        return {"content": "not a list"}
    if name == "print_garbage":
        print("Debug: here I am", flush=True)
        return text("still here")
    if name == "progress":
        token = arguments["_token"]
        for step in (1, 2, 3):
            notify("notifications/progress", progressToken=token, progress=step, total=3, message="step")
            time.sleep(0.6)
        return text("done")
    if name == "elicit":
        asked = {
            "mode": "form",
            "message": "How many?",
            "requestedSchema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
        }
        return text(json.dumps(ask("elicitation/create", asked)))
    if name == "elicit_url":
        asked = {"mode": "url", "message": "Sign in", "url": "https://example.invalid/in", "elicitationId": "1"}
        return text(json.dumps(ask("elicitation/create", asked)))
    if name == "change":
        changed = True
        notify("notifications/tools/list_changed")
        return text("changed")
    if name == "environment":
        return text(json.dumps(dict(os.environ)))
    if name == "pid":
        return text(str(os.getpid()))
    if name == "children":
        child = subprocess.Popen(["setsid", "sleep", "3600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return text(str(child.pid))
    if name == "image":
        return {
            "content": [{"type": "text", "text": "a dot"}, {"type": "image", "data": "AAAA", "mimeType": "image/png"}]
        }
    if name == "invalid_structured":
        return {"content": [], "structuredContent": {"n": "many"}}
    if name == "lacks_structured":
        return text("7")
    if name == "slow_pattern":
        return {"content": [], "structuredContent": {"s": "a" * 40 + "!"}}
    return text(arguments.get("text", name))


def ask(method, params):
    say({"id": "ask-1", "method": method, "params": params})
    while True:
        message = json.loads(sys.stdin.readline())
        if message.get("id") == "ask-1":
            return message.get("result", message.get("error"))


def answer(message):
    method, id = message.get("method"), message.get("id")
    if method == "initialize":
        result = {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "rough", "version": "1"},
        }
    elif method == "tools/list":
        result = {"tools": tools()}
    elif method == "tools/call":
        params = message["params"]
        arguments = {**params.get("arguments", {}), "_token": params.get("_meta", {}).get("progressToken")}
        result = call(id, params["name"], arguments)
        if result is None:
            return
    elif id is None:
        return
    else:
        say({"id": id, "error": {"code": -32601, "message": "unknown method"}})
        return
    say({"id": id, "result": result})


def main():
    if START == "print":
        print("Starting the server ...", flush=True)
    if START == "garbage":
        print("Usage: rough [OPTIONS]", flush=True)
        time.sleep(3600)
    if START == "mute":
        time.sleep(3600)
    if START == "die":
        sys.exit("cannot read its configuration")
    for line in sys.stdin:
        answer(json.loads(line))
    if START == "linger":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)


main()
