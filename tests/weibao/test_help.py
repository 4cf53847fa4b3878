"""The sentences beside each page."""

from weibao import shell
from weibao.help import EVERYWHERE, help_for


def test_every_page_of_the_menu_has_help_of_its_own() -> None:
    bare = [endpoint for endpoint, _word, _icon in shell.NAVIGATION if help_for(endpoint) == EVERYWHERE]
    assert bare == [], "write two sentences for them in weibao/help.py"
