from babel.messages.catalog import Catalog, Message

from tests.tools import catalogues


def test_faithful_translation_has_no_fault() -> None:
    message = Message("%(count)s visits on {day}", "{day}有%(count)s次走访")

    assert catalogues.message_faults(message, "zh_Hans_CN") == []


def test_each_fault_of_a_translation_is_named() -> None:
    assert catalogues.message_faults(Message("Save", ""), "zh_Hans_CN") == ["not translated"]
    assert catalogues.message_faults(Message("Save", "保存", flags={"fuzzy"}), "zh_Hans_CN") == ["fuzzy"]
    assert catalogues.message_faults(Message("%(n)s days", "%(m)s天"), "zh_Hans_CN") == ["placeholders differ"]
    assert catalogues.message_faults(Message("Log out", "Log out"), "zh_Hans_CN") == ["still in English"]
    assert catalogues.message_faults(Message("Save", "Keep"), "en") == ["English differs from its msgid"]


def test_missing_and_left_over_messages_are_named() -> None:
    sources = Catalog()
    sources.add("A word that no page has ever used")
    lines = catalogues.faults("en", sources)

    assert "en: missing: 'A word that no page has ever used'" in lines
    assert "en: obsolete: 'Skip to the content'" in lines


def test_words_of_pages_and_of_python_are_found() -> None:
    found = {message.id for message in catalogues.messages(catalogues.extract())}

    assert {"Skip to the content", "Station head"} <= found
