# The longest part that reads the same backwards.
def longest_palindrome(text: str) -> str:
    def grow(left: int, right: int) -> str:
        while left >= 0 and right < len(text) and text[left] == text[right]:
            left, right = left - 1, right + 1
        return text[left + 1:right]

    best = ""
    for i in range(len(text)):
        best = max(best, grow(i, i), grow(i, i + 1), key=len)
    return best


assert longest_palindrome("babad") == "bab"
assert longest_palindrome("cbbd") == "bb"
assert longest_palindrome("") == ""
assert longest_palindrome("forgeeksskeegfor") == "geeksskeeg"
