from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

zones = available_timezones()
print("Europe/Paris" in zones, "Mars/Olympus" in zones, len(zones) > 300, ZoneInfo("Asia/Kolkata"))
try:
    ZoneInfo("Mars/Olympus")
except ZoneInfoNotFoundError as error:
    print(type(error).__name__, isinstance(error, KeyError))
ZoneInfo("UTC") is ZoneInfo("UTC")
