# limits: wall_time_s=0.2
import asyncio

await asyncio.sleep(60)
