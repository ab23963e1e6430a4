# Fill lines to a width, spreading the blanks.
def justify(words, width):
    lines, line, length = [], [], 0
    for word in words:
        if length + len(word) + len(line) > width:
            gaps = max(1, len(line) - 1)
            for i in range(width - length):
                line[i % gaps] += " "
            lines.append("".join(line))
            line, length = [], 0
        line.append(word)
        length += len(word)
    return lines + [" ".join(line).ljust(width)]


result = justify("This is an example of text justification.".split(), 16)
assert result == ["This    is    an", "example  of text", "justification.  "]
assert justify(["a"], 3) == ["a  "]
