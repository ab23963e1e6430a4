import asyncio

PAGES = {"/": ["/a", "/b"], "/a": ["/c", "/"], "/b": ["/c", "/missing"], "/c": []}


async def fetch(url):
    await asyncio.sleep(0.001)
    if url not in PAGES:
        raise FileNotFoundError(url)
    return PAGES[url]


async def crawl(start, workers=2):
    queue, seen, errors, depth = asyncio.Queue(), {start}, {}, {start: 0}
    await queue.put(start)

    async def worker():
        while True:
            url = await queue.get()
            try:
                for link in await fetch(url):
                    if link not in seen:
                        seen.add(link)
                        depth[link] = depth[url] + 1
                        await queue.put(link)
            except FileNotFoundError as error:
                errors[url] = str(error)
            finally:
                queue.task_done()

    tasks = [asyncio.create_task(worker()) for _ in range(workers)]
    await queue.join()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {"seen": sorted(seen), "errors": errors, "depth": depth}


if __name__ == "__main__":
    result = asyncio.run(crawl("/"))
    print(len(result["seen"]), "pages")
    result
