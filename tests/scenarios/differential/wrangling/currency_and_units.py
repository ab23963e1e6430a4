import re
from decimal import Decimal, InvalidOperation

RATES = {"USD": Decimal("1"), "EUR": Decimal("1.08"), "GBP": Decimal("1.27")}
UNITS = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


def money(text):
    m = re.fullmatch(r"\s*([\d.,]+)\s*([A-Z]{3})\s*", text)
    if not m:
        raise ValueError(f"not money: {text!r}")
    try:
        return (Decimal(m[1].replace(",", "")) * RATES[m[2]]).quantize(Decimal("0.01"))
    except (KeyError, InvalidOperation) as error:
        raise ValueError(f"cannot convert {text!r}: {type(error).__name__}") from error


def size(text):
    number, unit = re.match(r"([\d.]+)\s*([a-z]+)", text.lower()).groups()
    return int(float(number) * UNITS[unit])


def human(n):
    for unit in ("B", "KB", "MB", "GB"):
        if n < 1024 or unit == "GB":
            return f"{n:.1f} {unit}"
        n /= 1024


out = []
for text in ("1,234.50 EUR", "10 GBP", "5 XYZ", "1.2.3 USD", "free"):
    try:
        out.append(money(text))
    except ValueError as error:
        out.append(str(error))
return out, [size(s) for s in ("1.5 KB", "2mb")], [human(n) for n in (500, 2048, 5 * 1024**2, 3 * 1024**4)]
