# raises: ValueError
def parse_age(text):
    age = int(text)
    if age < 0:
        raise ValueError(f"age must not be negative: {age}")
    return age


print(parse_age("41"))
parse_age("-3")
