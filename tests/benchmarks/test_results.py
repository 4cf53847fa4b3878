"""The results' file: a section is written anew, its neighbours stay."""

from pathlib import Path

from benchmarks.results import put, table


def test_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    put("One", "first", path)
    put("Two", "second", path)
    put("One", "anew", path)
    assert path.read_text("utf-8") == "# Results\n\n## One\n\nanew\n\n## Two\n\nsecond\n"


def test_table_has_a_head_a_rule_and_rows() -> None:
    assert table(("a", "b"), [(1, 2)]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
