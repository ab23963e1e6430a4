import calendar

print(calendar.month(2024, 2))
print(calendar.isleap(2024), calendar.leapdays(2000, 2024), calendar.monthrange(2023, 2), calendar.weekday(2024, 7, 4))
print(calendar.month_name[3], calendar.month_abbr[12], list(calendar.day_name)[0], calendar.day_abbr[6], calendar.SUNDAY)
print(calendar.monthcalendar(2024, 6)[0], calendar.timegm((1970, 1, 2, 0, 0, 0)))
text = calendar.TextCalendar(firstweekday=calendar.SUNDAY)
print(text.formatmonth(2023, 10))
print(list(calendar.Calendar().itermonthdays(2024, 2))[:8], calendar.HTMLCalendar().formatday(3, 2))
print([calendar.MONDAY, calendar.TUESDAY, calendar.WEDNESDAY, calendar.THURSDAY, calendar.FRIDAY, calendar.SATURDAY] == list(range(6)))
print(len(calendar.calendar(2024).splitlines()) > 30)
for bad in (lambda: calendar.monthrange(2024, 13), lambda: calendar.Calendar(9).firstweekday):
    try:
        print(bad())
    except (calendar.IllegalMonthError, calendar.IllegalWeekdayError) as error:
        print(type(error).__name__)
