"""The form macros on the fields of WTForms: label, hint, error and input belong together for a screen reader."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    widgets,
)
from wtforms.validators import InputRequired

from tests.conftest import config_for
from weibao.app import create_app


class SpanForm(Form):
    begin = TimeField("Begin", [InputRequired("Give the time")])


class EverythingForm(Form):
    name = StringField("Name", [InputRequired("Give the name")], description="As on the card")
    kind = SelectField("Kind", choices=[("a", "A"), ("b", "B")])
    skills = SelectMultipleField(
        "Skills",
        choices=[("1", "First aid")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    gender = RadioField("Gender", [InputRequired("Choose one")], choices=[("f", "F"), ("m", "M")])
    agree = BooleanField("Agree", [InputRequired("Agree first")])
    paper = FileField("Paper")
    span = FormField(SpanForm)
    names = FieldList(StringField("Other name"), min_entries=2)


@pytest.fixture
def page() -> Iterator[Flask]:
    """A request of the program, in English."""
    app = create_app(config_for("sqlite:///unused.sqlite"))
    with app.test_request_context():
        yield app


def macro(name: str, *arguments: object, **options: object) -> str:
    return str(get_template_attribute("macros/forms.html", name)(*arguments, **options))


def refused() -> EverythingForm:
    form = EverythingForm(MultiDict({"name": "", "kind": "a"}))
    form.validate()
    return form


@pytest.mark.usefixtures("page")
def test_every_kind_of_field_has_a_label_for_each_input() -> None:
    html = "".join(macro("field", field) for field in EverythingForm())
    inputs = set(re.findall(r'<(?:input|select)\b[^>]*\bid="([^"]+)"', html))

    assert len(inputs) == 10
    assert inputs - set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html)) == set()


@pytest.mark.usefixtures("page")
def test_field_points_to_its_hint_and_its_error() -> None:
    html = macro("field", refused().name)

    assert 'aria-describedby="name-hint name-error"' in html
    assert re.search(r'id="name-hint">As on the card<', html)
    assert re.search(r'id="name-error">.*Give the name<', html)


@pytest.mark.usefixtures("page")
def test_summary_links_to_each_wrong_field_also_inside_another() -> None:
    html = macro("error_summary", refused())
    everything = "".join(macro("field", field) for field in refused())
    links = re.findall(r'href="#([^"]+)"', html)

    assert links == ["name", "gender", "agree", "span-begin"]
    assert [link for link in links if f'id="{link}"' not in everything] == []


@pytest.mark.usefixtures("page")
def test_summary_of_a_form_without_faults_is_nothing() -> None:
    assert macro("error_summary", EverythingForm()) == ""


@pytest.mark.usefixtures("page")
def test_typed_text_stays_and_is_escaped() -> None:
    form = EverythingForm(MultiDict({"name": '"><script>'}))
    form.validate()

    assert 'value="&#34;&gt;&lt;script&gt;"' in macro("field", form.name)
