from __future__ import annotations

import time
from random import Random

from policy.patch import render_diff
from policy.patch.diff import Block, changed_blocks


def diff(old: str, new: str, max_chars: int = 10_000) -> str:
    return render_diff(old, new, old_name="a/x", new_name="b/x", max_chars=max_chars).text


def test_a_change_is_shown_with_three_lines_around_it() -> None:
    old = "".join(f"{n}\n" for n in range(1, 21))
    new = old.replace("5\n", "five\n", 1).replace("18\n", "")
    assert diff(old, new) == (
        "--- a/x\n+++ b/x\n"
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        "@@ -12,9 +12,9 @@\n 12\n 13\n 14\n-15\n+1five\n 16\n 17\n-18\n 19\n 20\n"
    ).replace("@@ -12,9 +12,9 @@\n 12\n 13\n 14\n-15\n+1five\n 16\n 17\n", "@@ -15,6 +15,5 @@\n 15\n 16\n 17\n")


def test_changes_that_are_near_share_a_hunk() -> None:
    assert diff("1\n2\n3\n4\n5\n", "one\n2\n3\n4\nfive\n").count("@@ ") == 1


def test_a_missing_final_newline_is_shown() -> None:
    end = "\\ No newline at end of file\n"
    assert diff("a\nb", "a\nc\n").endswith(f"-b\n{end}+c\n")
    assert diff("a\n", "a").endswith(f"-a\n+a\n{end}")


def test_nothing_changed_is_no_text() -> None:
    assert diff("a\n", "a\n") == diff("", "") == ""


def test_a_new_and_a_removed_text_are_shown_whole() -> None:
    assert diff("", "a\nb\n").endswith("@@ -0,0 +1,2 @@\n+a\n+b\n")
    assert diff("a\nb\n", "").endswith("@@ -1,2 +0,0 @@\n-a\n-b\n")


def test_a_long_diff_is_cut_at_a_line_and_says_how_much_is_left_out() -> None:
    cut = diff("", "line\n" * 100, max_chars=50)
    assert cut.endswith("+line\n... 95 more lines of this diff are left out\n")


def test_large_texts_with_changes_far_apart_show_those_alone() -> None:
    old = [f"line {n}" for n in range(50_000)]
    new = ["first", *old[1:-1], "last"]
    assert changed_blocks(old, new) == [Block(0, 1, 0, 1), Block(49_999, 50_000, 49_999, 50_000)]


def test_texts_without_order_are_compared_in_bounded_time() -> None:
    random = Random(1)
    texts = {
        "two letters": [[random.choice("ab") for _ in range(100_000)] for _ in range(2)],
        "all alike": [["a"] * 200_000, ["b", *["a"] * 150_000, "b"]],
        "shuffled": [random.sample(range(100_000), 100_000) for _ in range(2)],
        "reversed": [list(range(100_000)), list(range(100_000, 0, -1))],
    }
    for name, (old, new) in texts.items():
        started = time.perf_counter()
        blocks = changed_blocks(old, new)
        assert time.perf_counter() - started < 5, name
        assert rebuilt(old, new, blocks) == new


def rebuilt(old: list[object], new: list[object], blocks: list[Block]) -> list[object]:
    result: list[object] = []
    at = 0
    for block in blocks:
        result += old[at : block.old_start] + new[block.new_start : block.new_end]
        at = block.old_end
    return result + old[at:]
