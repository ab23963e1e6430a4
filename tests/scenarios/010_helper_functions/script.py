import asyncio
from collections import defaultdict


class Report:
    def __init__(self):
        self.sizes = defaultdict(int)

    async def add(self, path):
        info = await tools.stat(path=path)
        self.sizes[extension(path)] += info.size
        return info


def extension(path):
    return path.rpartition(".")[2] if "." in path else "none"


async def main(paths):
    report = Report()
    await asyncio.gather(*(report.add(path) for path in paths))
    return dict(sorted(report.sizes.items()))


if __name__ == "__main__":
    asyncio.run(main(["a.py", "b.py", "c.md", "LICENSE"]))
