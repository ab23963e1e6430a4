# Expand "3[a2[c]]"; also the reverse of a run-length code.
def decode(text):
    stack, current, number = [], "", 0
    for ch in text:
        if ch.isdigit():
            number = number * 10 + int(ch)
        elif ch == "[":
            stack.append((current, number))
            current, number = "", 0
        elif ch == "]":
            before, times = stack.pop()
            current = before + current * times
        else:
            current += ch
    return current


def look_and_say(n):
    text = "1"
    for _ in range(n - 1):
        out, i = "", 0
        while i < len(text):
            j = i
            while j < len(text) and text[j] == text[i]:
                j += 1
            out += f"{j - i}{text[i]}"
            i = j
        text = out
    return text


assert decode("3[a]2[bc]") == "aaabcbc"
assert decode("3[a2[c]]") == "accaccacc"
assert decode("10[x]") == "x" * 10
assert look_and_say(5) == "111221"
