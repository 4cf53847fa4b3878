"""Keep the message catalogues, from the root of the tree.

`update` reads the sources into them, `check` says what is wrong, `compile` writes the .mo files. msgids are English;
the English catalogue repeats them, the Chinese one is translated by hand.
"""

import re
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "weibao" / "translations"
LOCALES = ("en", "zh_Hans_CN")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "N_": None,
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[sdifr]|\{\w*\}")


def extract() -> Catalog:
    """Every message of the sources, without places: they would make each change of a file a change of the catalogue."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = Catalog(project="weibao", charset="utf-8", fuzzy=False)
    rows = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("NOTE:",), directory_filter=lambda _: True
    )
    for _file, _line, message, comments, context in rows:
        found.add(message, auto_comments=comments, context=context)
    return found


def path_of(locale: str) -> Path:
    """The source catalogue of a language."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def load(locale: str) -> Catalog:
    """A catalogue from its file, or an empty one."""
    if not path_of(locale).is_file():
        return Catalog(locale=locale, fuzzy=False)
    with path_of(locale).open("rb") as po:
        return read_po(po, locale=locale)


def save(catalogue: Catalog, locale: str) -> None:
    """Write the file sorted by msgid and with a header free of dates, so that two branches merge line by line."""
    tidy = Catalog(locale=locale, project="weibao", charset="utf-8", fuzzy=False)
    for message in messages(catalogue):
        tidy.add(message.id, message.string, auto_comments=message.auto_comments, context=message.context)
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    with path_of(locale).open("wb") as po:
        po.write(f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n'.encode())
        po.write(f'"Plural-Forms: {tidy.plural_forms}\\n"\n'.encode())
        po.write(b'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n')
        write_po(po, tidy, omit_header=True, sort_output=True, width=110)


def messages(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def as_tuple(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A message's forms, singular and plural alike."""
    return (value,) if isinstance(value, str) else tuple(value)


def fill_english(catalogue: Catalog) -> None:
    """English repeats its msgids."""
    for message in messages(catalogue):
        message.string = message.id


def faults(locale: str, sources: Catalog) -> list[str]:
    """Everything wrong with one catalogue, a line each."""
    catalogue = load(locale)
    known = {(message.context, message.id): message for message in messages(catalogue)}
    wanted = {(message.context, message.id) for message in messages(sources)}
    lines = [f"missing: {key[1]!r}" for key in sorted(wanted - known.keys(), key=str)]
    lines += [f"obsolete: {key[1]!r}" for key in sorted(known.keys() - wanted, key=str)]
    lines += [f"obsolete: {message.id!r}" for message in catalogue.obsolete.values()]
    for message in known.values():
        lines += [f"{fault}: {message.id!r}" for fault in message_faults(message, locale)]
    return [f"{locale}: {line}" for line in lines]


def message_faults(message: Message, locale: str) -> list[str]:
    """What is wrong with one translation."""
    forms = as_tuple(message.string)
    if not all(forms):
        return ["not translated"]
    found = ["fuzzy"] if message.fuzzy else []
    wanted = set(PLACEHOLDER.findall(as_tuple(message.id)[-1]))
    if any(set(PLACEHOLDER.findall(form)) != wanted for form in forms[-1:]):
        found.append("placeholders differ")
    if locale == "en" and forms != as_tuple(message.id):
        found.append("English differs from its msgid")
    if locale.startswith("zh") and forms[0] == as_tuple(message.id)[0] and " " in forms[0]:
        found.append("still in English")
    return found


def update() -> int:
    """Bring both catalogues up to the sources; new Chinese messages stay empty for the translator."""
    for locale in LOCALES:
        catalogue = load(locale)
        catalogue.update(extract(), no_fuzzy_matching=True)  # read anew: update shares its messages
        if locale == "en":
            fill_english(catalogue)
        save(catalogue, locale)
    return compile_all()


def compile_all() -> int:
    """Write messages.mo beside every messages.po."""
    for locale in LOCALES:
        with path_of(locale).with_suffix(".mo").open("wb") as mo:
            write_mo(mo, load(locale))
    return 0


def check() -> int:
    """Print the faults of both catalogues; 1 when there are any."""
    sources = extract()
    lines = [line for locale in LOCALES for line in faults(locale, sources)]
    for line in lines:
        click.echo(line)
    click.echo(f"catalogues: {len(messages(sources))} messages, {len(lines)} faults")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "compile": compile_all}[sys.argv[1]]())
