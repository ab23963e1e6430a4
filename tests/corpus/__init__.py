"""The differential corpus: snippets on disk, the plain-CPython reference, and what the corpus covers."""
