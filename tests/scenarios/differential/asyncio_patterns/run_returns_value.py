import asyncio


async def main() -> dict:
    await asyncio.sleep(0)
    print("inside main")
    return {"answer": 42}


if __name__ == "__main__":
    asyncio.run(main())
