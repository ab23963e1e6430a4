from datetime import date, timedelta
import calendar


def business_days(start, end, holidays=()):
    day = start
    while day <= end:
        if day.weekday() < 5 and day not in holidays:
            yield day
        day += timedelta(days=1)


def month_end(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def age(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


days = list(business_days(date(2024, 12, 23), date(2025, 1, 3), {date(2024, 12, 25), date(2025, 1, 1)}))
print(len(days), days[0], days[-1], month_end(date(2024, 2, 10)), age(date(2000, 2, 29), date(2024, 2, 28)))
quarter = (date(2024, 8, 15).month - 1) // 3 + 1
weeks = {}
for d in days:
    weeks.setdefault(d.isocalendar().week, []).append(f"{d:%a}")
return {"quarter": quarter, "weeks": weeks}
