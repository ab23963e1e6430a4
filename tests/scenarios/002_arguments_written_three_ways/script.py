# By name, by position, and as one dict, which is how models of the JavaScript harness write it.
by_name = await tools.weather(city="Oslo", days=2)
by_position = await tools.weather("Oslo", 2)
as_dict = await tools.weather({"city": "Oslo", "days": 2})
without_the_optional = await tools.weather("Oslo")
return [by_name == by_position == as_dict, without_the_optional]
