import asyncio


async def child():
    me = asyncio.current_task()
    return me.get_name(), len(asyncio.all_tasks()) >= 2


async def main():
    task: asyncio.Task = asyncio.create_task(child(), name="kid")
    print(isinstance(task, asyncio.Task), isinstance(task, asyncio.Future), asyncio.isfuture(task), asyncio.isfuture(5))
    name, crowd = await task
    try:
        pending = asyncio.create_task(asyncio.sleep(1))
        pending.result()
    except asyncio.InvalidStateError as error:
        print(type(error).__name__, error)
    pending.cancel()
    print(name, crowd, asyncio.current_task() in asyncio.all_tasks())
    return task.done()


asyncio.run(main())
