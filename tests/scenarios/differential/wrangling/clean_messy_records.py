import re

raw = ["  Ann SMITH , 34 ,ann@x.org", "bob jones,n/a, BOB@Y.ORG ", "", "no commas here", "Cy  Ng,  ,cy.ng@z", "Dee Lee,41,dee@w.net,extra"]


def clean(line):
    parts = [re.sub(r"\s+", " ", p).strip() for p in line.split(",")]
    if len(parts) != 3:
        raise ValueError(f"expected 3 fields, got {len(parts)}")
    name, age, email = parts
    return {
        "name": name.title(),
        "age": int(age) if age.isdigit() else None,
        "email": email.lower() if re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", email) else None,
    }


good, bad = [], []
for number, line in enumerate(raw, 1):
    try:
        good.append(clean(line))
    except ValueError as error:
        bad.append((number, str(error)))
print(bad)
ages = [r["age"] for r in good if r["age"] is not None]
return {"good": good, "average_age": sum(ages) / len(ages) if ages else None}
