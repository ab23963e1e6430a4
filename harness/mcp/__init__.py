"""The Model Context Protocol in both directions. Needs the extra `toolscript[mcp]`.

`client`: tools of other servers for our scripts. `server`: scripts with approvals for the clients of others.
"""
