"""What a guardian agrees to and what follows when they withdraw it, in plain words; and what a step does to a file."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from tenants.enums import ConsentPurpose, DisposalStep

ASKED: dict[ConsentPurpose, LazyString] = {
    ConsentPurpose.FILE: _l(
        "The station keeps a file on the child under a case code (village, year of birth, category, risk, visits) "
        "and visits the family regularly."
    ),
    ConsentPurpose.IDENTITY: _l(
        "The station keeps the child's name, ID number, address and the guardian's phone number, encrypted; "
        "each opening is written down with its purpose."
    ),
    ConsentPurpose.SHARING: _l(
        "The station tells schools, health services and assistance offices what they need in order to help this child."
    ),
    ConsentPurpose.ACTIVITIES: _l("The child takes part in activities of the Children's Home."),
    ConsentPurpose.PICTURES: _l(
        "Photographs or films of the child are made at activities and shown by the station; this program keeps up to "
        "six photographs of an activity, encrypted, for the station alone."
    ),
}
FOLLOWS: dict[ConsentPurpose, LazyString] = {
    ConsentPurpose.FILE: _l(
        "Visits that rest on consent alone end, and the file may be closed. Where the law itself charges the station "
        "with the work, the file goes on, and the family is told so."
    ),
    ConsentPurpose.IDENTITY: _l(
        "The identity stands on the list of the page “Retention” from that day; once two people have approved, it is "
        "destroyed. The file goes on under its case code."
    ),
    ConsentPurpose.SHARING: _l(
        "Nothing more is passed on by consent from that day; what was passed on before stays lawful. "
        "A mandatory report needs no consent."
    ),
    ConsentPurpose.ACTIVITIES: _l("The child is no longer invited, and coming places are given up."),
    ConsentPurpose.PICTURES: _l(
        "No new pictures are made, and the station takes down what it has shown. Photographs kept here of activities "
        "in which the child took part are destroyed at once, unless no child can be recognised in them."
    ),
}
DOES: dict[DisposalStep, LazyString] = {
    DisposalStep.CLOSE: _l("The file is closed: no visit falls due any more. It can be opened again."),
    DisposalStep.IDENTITY: _l(
        "Name, ID number, address and phone number are destroyed. The file goes on under its case code."
    ),
    DisposalStep.ANONYMISE: _l(
        "Identity, pseudonym, case code, gender, acquaintances, notes, holds and consents are destroyed, and the year "
        "of birth is rounded down to fives. Village, categories, risks and visits stay for statistics. "
        "It cannot be undone."
    ),
    DisposalStep.ERASE: _l(
        "All of the file is destroyed; only visits that a published roster names stay there, without a child. "
        "It cannot be undone."
    ),
}
DESTROYED: dict[str, LazyString] = {
    "identity": _l("Name, ID number, address, guardian's phone"),
    "names": _l("Case code and pseudonym"),
    "person": _l("Gender, exact year of birth"),
    "acquaintances": _l("Who is known to the household"),
    "texts": _l("Notes of visits, concerns raised on them, reasons of holds"),
    "consents": _l("Consents with the names of who signed"),
    "photos": _l("Photographs of activities on which the child may be seen"),
    "history": _l("Categories, risks, visits outside rosters, year of birth"),
}
