def is_palindrome(text):
    cleaned = [c.lower() for c in text if c.isalnum()]
    return cleaned == cleaned[::-1]


def groups(words):
    table = {}
    for word in words:
        table.setdefault("".join(sorted(word)), []).append(word)
    return [sorted(group) for group in table.values()]


print([is_palindrome(t) for t in ("A man, a plan, a canal: Panama", "hello", "", "No 'x' in Nixon")])
groups(["eat", "tea", "tan", "ate", "nat", "bat"])
