"""The menu: grouped where it is long."""

from weibao.shell import Entry, Group, grouped


def entry(noun: str) -> Entry:
    return Entry(noun=noun, url=f"/{noun}", label=noun, icon="house", active=noun == "rules")  # type: ignore[arg-type]


def test_long_menu_is_grouped_by_what_it_is_about_and_nothing_is_lost() -> None:
    nouns = ["desk", "mine", "planner", "roster", "children", "people", "rules", "audit", "availability"]
    menu = grouped([entry(noun) for noun in nouns])
    shape = [[page.noun for page in one.entries] if isinstance(one, Group) else one.noun for one in menu]
    assert shape == [
        "desk",
        ["mine", "availability"],
        ["planner", "roster"],
        ["children", "people"],
        ["rules", "audit"],
    ]
    assert [one.active for one in menu] == [False, False, False, False, True]


def test_group_of_one_page_is_the_page_itself() -> None:
    assert [type(one) for one in grouped([entry("planner"), entry("county")])] == [Entry, Entry]
