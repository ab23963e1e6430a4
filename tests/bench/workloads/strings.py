def main():
    text = "The quick brown fox, it jumps over the lazy dog; "
    words = 0
    parts = []
    for i in range(80_000):
        line = text.replace("fox", "f" + str(i))
        fields = line.lower().strip().split(" ")
        words += len(fields)
        if fields[3].startswith("f1") and not fields[0].endswith("x"):
            parts.append(fields[1].upper() + "-" + fields[2].title())
        words += line.find("lazy") + line.count("o")
    joined = ",".join(parts)
    return words + len(joined)
