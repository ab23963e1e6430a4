text = """
; settings
[server]
host = localhost
port=8080
debug = yes

[paths]
root = /srv/app
cache = %(root)s/cache
"""


def convert(value):
    lowered = value.lower()
    if lowered in ("yes", "true", "on"):
        return True
    if lowered in ("no", "false", "off"):
        return False
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value


config, section = {}, None
for line in text.splitlines():
    line = line.strip()
    if not line or line[0] in ";#":
        continue
    if line.startswith("[") and line.endswith("]"):
        section = config.setdefault(line[1:-1], {})
        continue
    key, _, value = line.partition("=")
    value = value.strip()
    section[key.strip()] = convert(value % section if "%(" in value else value)
return config
