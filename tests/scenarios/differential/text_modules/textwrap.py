import textwrap

text = "The quick brown fox jumps over the lazy dog, and then it takes a long, well-deserved nap in the sun."
print(textwrap.fill(text, width=30))
print(textwrap.wrap(text, 24)[:2], textwrap.shorten(text, width=40), textwrap.shorten(text, 20, placeholder="…"))
code = """
    def f():
        return 1

    x = 2
"""
print(textwrap.dedent(code).strip())
print(textwrap.indent("a\n\nb", "> "), textwrap.indent("a\nb", "* ", predicate=lambda line: "b" in line))
wrapper = textwrap.TextWrapper(width=25, initial_indent="- ", subsequent_indent="  ", max_lines=3, break_long_words=False)
print(wrapper.fill(text))
len(wrapper.wrap(text))
