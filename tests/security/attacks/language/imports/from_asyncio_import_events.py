# From asyncio import events.
# expect: script.forbidden_import
# reaches: module
# offending: events
# allowed: Event

from asyncio import events as reached

found = reached
