# A calendar of every year.
# expect: limit.cpu_time

import calendar

[calendar.calendar(year) for year in range(1, 10**6)]
