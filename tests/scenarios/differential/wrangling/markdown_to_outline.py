doc = """# Title
intro text
## First part
- item one
- item two
### Detail
## Second part
```python
# not a heading
```
Some *bold* and `code` with [a link](http://x.org).
"""
import re

outline, links, in_code, items = [], [], False, 0
for number, line in enumerate(doc.splitlines(), 1):
    if line.startswith("```"):
        in_code = not in_code
    elif in_code:
        continue
    elif m := re.match(r"(#+)\s+(.*)", line):
        outline.append((len(m[1]), m[2], number))
    elif line.startswith("- "):
        items += 1
    links += re.findall(r"\[([^\]]+)\]\(([^)]+)\)", line)
for level, title, number in outline:
    print("  " * (level - 1) + title, f"(line {number})")
return {"outline": outline, "links": links, "items": items}
