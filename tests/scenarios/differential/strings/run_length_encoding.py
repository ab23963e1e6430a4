from itertools import groupby


def encode(text):
    return "".join(f"{len(list(run))}{ch}" for ch, run in groupby(text))


def decode(text):
    out, number = "", ""
    for ch in text:
        if ch.isdigit():
            number += ch
        else:
            out += ch * int(number)
            number = ""
    return out


packed = encode("aaabbbccd" + "x" * 12)
print(packed)
decode(packed)
