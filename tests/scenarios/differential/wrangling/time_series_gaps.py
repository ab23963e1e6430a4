from datetime import date, timedelta

readings = {date(2024, 1, 1): 10, date(2024, 1, 2): 12, date(2024, 1, 5): 20, date(2024, 1, 6): 18}
start, end = min(readings), max(readings)
filled, last = [], None
day = start
while day <= end:
    last = readings.get(day, last)
    filled.append((day.isoformat(), last, day in readings))
    day += timedelta(days=1)
values = [v for _, v, _ in filled]
moving = [round(sum(values[max(0, i - 2):i + 1]) / len(values[max(0, i - 2):i + 1]), 2) for i in range(len(values))]
changes = [b - a for a, b in zip(values, values[1:])]
return {"filled": filled, "moving": moving, "biggest_jump": max(changes, key=abs), "missing": sum(not known for *_, known in filled)}
