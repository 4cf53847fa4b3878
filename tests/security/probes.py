"""Forty tries of the first township to read or write the second one's rows.

A read probe returns whatever it could read; a write probe does its damage. Whether it got through is judged outside:
by the second township's canary in what was read, and by a privileged connection's digest of its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, text, union_all, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tenants.models import Child, ChildRiskPeriod, Home, Person, PersonSkill, Village, new_id
from tests.world import World

Probe = Callable[[Session, World], Any]
READS: dict[str, Probe] = {}
WRITES: dict[str, Probe] = {}
TABLE = Village.__table__


def read(probe: Probe) -> Probe:
    """Register a probe that reads."""
    READS[probe.__name__] = probe
    return probe


def write(probe: Probe) -> Probe:
    """Register a probe that writes."""
    WRITES[probe.__name__] = probe
    return probe


def names(rows: Any) -> list[str]:
    """What was read, as text."""
    return [str(getattr(row, "name", row)) for row in rows]


@dataclass(frozen=True)
class Raw:
    """Bulk verbs of one connection, under the session's transaction."""

    session: Session

    def run(self, statement: Any, *args: Any) -> Any:
        """Execute on the connection itself, past the session's guard."""
        return self.session.connection().execute(statement, *args)


@read
def select_entities(s: Session, w: World) -> Any:
    return names(s.scalars(select(Village)))


@read
def select_columns(s: Session, w: World) -> Any:
    return list(s.scalars(select(Village.name)))


@read
def get_by_key(s: Session, w: World) -> Any:
    return names([s.get(Village, (w.second.township, w.second.villages[0]))])


@read
def where_foreign_id(s: Session, w: World) -> Any:
    return names(s.scalars(select(Village).where(Village.id.in_(w.second.villages))))


@read
def where_always_true(s: Session, w: World) -> Any:
    return names(s.scalars(select(Village).where(or_(Village.township_id == w.second.township, text("1 = 1")))))


@read
def alias_entity(s: Session, w: World) -> Any:
    return names(s.scalars(select(aliased(Village))))


@read
def self_join(s: Session, w: World) -> Any:
    other = aliased(Village)
    return list(s.scalars(select(other.name).select_from(Village).join(other, other.kind == Village.kind)))


@read
def common_table_expression(s: Session, w: World) -> Any:
    part = select(Village.name).cte()
    return list(s.scalars(select(part.c.name)))


@read
def subquery(s: Session, w: World) -> Any:
    part = select(Village.name).subquery()
    return list(s.scalars(select(part.c.name)))


@read
def union_of_two(s: Session, w: World) -> Any:
    return list(s.scalars(union_all(select(Village.name), select(Home.name))))


@read
def aggregate(s: Session, w: World) -> Any:
    return [s.scalar(select(func.max(Village.name)).where(Village.name.contains(w.second.canary)))]


@read
def count_by_column(s: Session, w: World) -> Any:
    count = s.scalar(select(func.count(Village.id)))
    return [w.second.canary] if count != len(w.first.villages) else []


@read
def count_of_table(s: Session, w: World) -> Any:
    count = s.scalar(select(func.count()).select_from(TABLE))
    return [w.second.canary] if count != len(w.first.villages) else []


@read
def exists_oracle(s: Session, w: World) -> Any:
    found = s.scalar(select(exists().where(Village.id == w.second.villages[0])))
    return [w.second.canary] if found else []


@read
def exists_in_where(s: Session, w: World) -> Any:
    foreign = exists().where(and_(Village.township_id == w.second.township))
    return [w.second.canary] if s.scalars(select(Home).where(foreign)).first() else []


@read
def lazy_collection(s: Session, w: World) -> Any:
    return [c.pseudonym for c in s.scalars(select(Child)) if c.risks and c.village]


@read
def joined_load(s: Session, w: World) -> Any:
    return names(c.village for c in s.scalars(select(Child).options(joinedload(Child.village))))


@read
def select_in_load(s: Session, w: World) -> Any:
    return names(p for p in s.scalars(select(Person).options(selectinload(Person.skills))))


@read
def query_api(s: Session, w: World) -> Any:
    return names(s.query(Village).all())


@read
def scalar_subquery(s: Session, w: World) -> Any:
    foreign = select(Village.name).where(Village.id == w.second.villages[0]).scalar_subquery()
    return [str(s.scalar(select(foreign)))]


@read
def core_select_by_session(s: Session, w: World) -> Any:
    return names(s.execute(select(TABLE)))


@read
def core_select_by_connection(s: Session, w: World) -> Any:
    return names(Raw(s).run(select(TABLE)))


@read
def text_by_session(s: Session, w: World) -> Any:
    return names(s.execute(text("select name from village")))


@read
def text_by_connection(s: Session, w: World) -> Any:
    return names(Raw(s).run(text("select name from village")))


@read
def from_statement(s: Session, w: World) -> Any:
    return names(s.scalars(select(Village).from_statement(text("select * from village"))))


@read
def join_to_table(s: Session, w: World) -> Any:
    return list(s.scalars(select(TABLE.c.name).select_from(Home).join(TABLE, TABLE.c.kind == "village")))


@read
def accounts_of_others(s: Session, w: World) -> Any:
    return list(Raw(s).run(text("select display_name from account")).scalars())


@write
def core_update(s: Session, w: World) -> Any:
    Raw(s).run(update(TABLE).values(name_en="taken"))


@write
def core_delete(s: Session, w: World) -> Any:
    Raw(s).run(delete(PersonSkill.__table__))


@write
def orm_update_all(s: Session, w: World) -> Any:
    s.execute(update(Village).values(name_en="taken"))


@write
def orm_update_by_key(s: Session, w: World) -> Any:
    key = {"township_id": w.second.township, "id": w.second.villages[0]}
    s.execute(update(Village), [{**key, "name_en": "taken"}])


@write
def orm_delete_all(s: Session, w: World) -> Any:
    s.execute(delete(ChildRiskPeriod))


@write
def bulk_update_mappings(s: Session, w: World) -> Any:
    key = {"township_id": w.second.township, "id": w.second.villages[0]}
    s.bulk_update_mappings(Village.__mapper__, [{**key, "name_en": "taken"}])


@write
def bulk_insert(s: Session, w: World) -> Any:
    s.execute(insert(PersonSkill), [_skill(w)])


@write
def bulk_save_objects(s: Session, w: World) -> Any:
    s.bulk_save_objects([PersonSkill(**_skill(w))])


@write
def core_insert(s: Session, w: World) -> Any:
    Raw(s).run(insert(PersonSkill.__table__), _skill(w))


@write
def add_foreign_row(s: Session, w: World) -> Any:
    s.add(PersonSkill(**_skill(w)))


@write
def raw_update(s: Session, w: World) -> Any:
    Raw(s).run(text("update village set name_en = 'taken'"))


@write
def raw_delete(s: Session, w: World) -> Any:
    Raw(s).run(text("delete from person_skill"))


@write
def move_row_by_update(s: Session, w: World) -> Any:
    foreign = [PersonSkill.person_id == next(iter(w.first.people.values()))]
    s.execute(update(PersonSkill).where(*foreign).values(township_id=w.second.township))


@write
def merge_foreign_row(s: Session, w: World) -> Any:
    s.merge(Village(township_id=w.second.township, id=w.second.villages[0], name_en="taken"))


@write
def point_across(s: Session, w: World) -> Any:
    child = s.scalars(select(Child).where(Child.township_id == w.first.township)).first()
    if child is not None:
        child.village_id = w.second.villages[0]


def _skill(w: World) -> dict[str, str]:
    person = next(iter(w.second.people.values()))
    return {"township_id": w.second.township, "id": new_id(), "person_id": person, "skill": "planted"}
