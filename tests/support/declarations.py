"""Generated declarations and the changes between them, for tests of migrations."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from apiwright.core.repositories import users_schema
from apiwright.core.validation import CoreSchema, Field, casefold, email_key

NIL: Final = "00000000-0000-7000-8000-000000000000"
TEXTS = st.sampled_from(["", "a", "B", "Straße", "STRASSE", "ſ", "ǅ", "it's", 'say "x"', "-- ;"])
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "email": st.sampled_from(["ada@example.org", "Ada@EXAMPLE.org", "ada@bücher.example"]),
    "uuid": st.uuids(version=4).map(str),
    "integer": st.integers(-3, 3) | st.sampled_from([2**53 - 1, 2**53 + 1, -(2**62)]),
    "number": st.sampled_from([0.0, 1.0, -2.5, 1e300]),
    "boolean": st.booleans(),
    "timestamp": st.sampled_from([MOMENT, datetime(1970, 1, 1, tzinfo=UTC)]),
    "tags": st.lists(st.sampled_from(["x", "y\"'"]), max_size=2),
}


@dataclass(frozen=True)
class Column:
    """A declared field."""

    kind: str
    nullable: bool = False
    default: Any = None
    unique: bool = False
    searchable: bool = False
    filterable: bool = False
    sortable: bool = False
    references: str = ""
    digits: tuple[int, int] = (6, 2)
    values: tuple[str, ...] = ("a", "b")

    def field(self, name: str) -> Field:
        made = self._of_kind(name)
        if self.nullable:
            made = made.nullable()
        if self.default is not None:
            made = made.default_value(_plain(self.default))
        for flag in ("unique", "searchable", "filterable", "sortable"):
            if getattr(self, flag):
                made = getattr(made, flag)()
        return made.references(self.references) if self.references else made

    def _of_kind(self, name: str) -> Field:
        makers: dict[str, Callable[[str], Field]] = {
            "text": Field.string,
            "email": Field.email,
            "uuid": Field.uuid,
            "integer": Field.integer,
            "number": Field.number,
            "decimal": lambda name: Field.decimal(name, *self.digits),
            "boolean": Field.boolean,
            "timestamp": Field.date_time,
            "enum": lambda name: Field.enumeration(name, list(self.values)),
            "tags": lambda name: Field.array(name, Field.string("tag")),
        }
        return makers[self.kind](name)

    def some_value(self) -> st.SearchStrategy[Any]:
        if self.kind == "decimal":
            most = 10 ** self.digits[0] - 1
            units = st.sampled_from([0, 1, -1, most, -most]) | st.integers(-most, most)
            return units.map(lambda unit: Decimal(unit).scaleb(-self.digits[1]))
        return st.sampled_from(self.values) if self.kind == "enum" else VALUES[self.kind]

    @property
    def has_key(self) -> bool:
        return self.kind in ("text", "email") and (self.unique or self.searchable)

    def key_of(self, text: str | None) -> str | None:
        if text is None:
            return None
        return (email_key(text) or "") if self.kind == "email" else casefold(text)

    @property
    def has_stand_in(self) -> bool:
        """Whether a column that comes back has something for its rows."""
        return not (self.unique or self.references or self.kind == "uuid")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass
class Declared:
    """A declared table; `users` has apiwright's own columns besides."""

    columns: dict[str, Column] = field(default_factory=dict)
    soft: bool = False

    def fields(self, table: str) -> list[Field]:
        if table == "users":
            own = users_schema().fields
            return [*own, *(column.field(name) for name, column in self.columns.items())]
        fields = [Field.uuid("id").read_only()]
        fields += [column.field(name) for name, column in self.columns.items()]
        if self.soft:
            fields.append(Field.date_time("deleted_at").nullable().internal())
        return fields

    def schema(self, table: str) -> CoreSchema:
        return CoreSchema(table.capitalize(), self.fields(table), table=table)


World = dict[str, Declared]


def schemas_of(world: World) -> list[CoreSchema]:
    return [declared.schema(table) for table, declared in world.items()]


@dataclass
class Change:
    """From one world to another, and what a developer says with it."""

    before: World
    after: World
    tables: dict[str, str]
    """What a table of `after` was called, if it was there."""
    columns: dict[tuple[str, str], str]
    """The same of a column that stays, by its table's and its own name afterwards."""
    renames: list[str]
    narrowed: list[str]

    def world_after_the_way_back(self) -> World:
        """`before`, with what nothing can stand for nullable."""
        world = copy.deepcopy(self.before)
        was_kept = {(self.tables[table], old): (table, new) for (table, new), old in self._kept()}
        for table, declared in world.items():
            if table not in self.tables.values():
                continue  # it comes back without rows
            for name, column in declared.columns.items():
                after = was_kept.get((table, name))
                is_loose = after is None or self.after[after[0]].columns[after[1]].nullable
                needs = not column.nullable and column.default is None
                if is_loose and needs and not column.has_stand_in:
                    declared.columns[name] = replace(column, nullable=True)
        return world

    def _kept(self) -> Iterator[tuple[tuple[str, str], str]]:
        yield from self.columns.items()


NAMES = ("a", "b", "c", "d", "order", "group")
TABLES = ("ants", "bees", "cats")

WIDER: dict[str, Callable[[Column], Column]] = {
    "integer": lambda column: replace(column, kind="number", default=None),
    "enum": lambda column: replace(column, values=(*column.values, f"v{len(column.values)}")),
    "decimal": lambda column: replace(
        column, digits=(column.digits[0] + 3, column.digits[1] + 1), default=None
    ),
    "uuid": lambda column: replace(column, kind="text", references="", default=None),
}
OTHER: dict[str, Callable[[Column], Column]] = {
    "number": lambda column: replace(column, kind="integer", default=None),
    "enum": lambda column: replace(column, kind="text", filterable=False, sortable=False),
    "decimal": lambda column: replace(column, digits=(5, 1), default=None),
    "text": lambda column: replace(
        column, kind="email" if column.searchable else "integer", default=None
    ),
    "email": lambda column: replace(column, kind="text", default=None),
}


@st.composite
def some_column(draw: st.DrawFn, tables: list[str]) -> Column:
    kind = draw(st.sampled_from([*VALUES, "decimal", "enum"]))
    column = Column(kind, nullable=draw(st.booleans()))
    if kind in ("text", "email", "integer"):
        column = replace(column, unique=draw(st.booleans()))
    if kind in ("text", "email"):
        column = replace(column, searchable=draw(st.booleans()))
    if kind != "tags":
        column = replace(column, filterable=draw(st.booleans()), sortable=draw(st.booleans()))
    if kind == "uuid" and draw(st.booleans()):
        return replace(column, references=draw(st.sampled_from([*tables, "users"])))
    if kind != "uuid" and not column.unique and draw(st.booleans()):
        column = replace(column, default=draw(column.some_value()))
    return column


@st.composite
def some_table(draw: st.DrawFn, tables: list[str]) -> Declared:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    return Declared({name: draw(some_column(tables)) for name in names}, draw(st.booleans()))


@st.composite
def some_world(draw: st.DrawFn) -> World:
    tables = draw(st.lists(st.sampled_from(TABLES), unique=True, min_size=1))
    world = {table: draw(some_table(tables)) for table in tables}
    if draw(st.booleans()):
        world["users"] = Declared({"nickname": replace(draw(some_column(tables)), nullable=True)})
    return world


class Editor:
    """Makes one change after the other to a world, noting what becomes of names."""

    def __init__(self, draw: st.DrawFn, before: World) -> None:
        self.draw = draw
        self.before = before
        self.world = copy.deepcopy(before)
        self.tables = {table: table for table in before}
        self.columns = {(t, name): name for t, table in before.items() for name in table.columns}

    def edit(self) -> None:
        edits = [
            self.add_column,
            self.drop_column,
            self.rename_column,
            self.change_flag,
            self.change_presence,
            self.change_type,
            self.change_soft_delete,
            self.add_table,
            self.drop_table,
            self.rename_table,
        ]
        self.draw(st.sampled_from(edits))()

    def change(self) -> Change:
        renames = [f"{old}:{table}" for table, old in self.tables.items() if old != table]
        renames += [
            f"{self.tables[table]}.{old}:{name}"
            for (table, name), old in self.columns.items()
            if old != name
        ]
        return Change(self.before, self.world, self.tables, self.columns, renames, [])

    def _table(self) -> str:
        return self.draw(st.sampled_from(sorted(self.world)))

    def _place(self) -> tuple[str, str] | None:
        places = [(t, name) for t, table in sorted(self.world.items()) for name in table.columns]
        return self.draw(st.sampled_from(places)) if places else None

    def _own_tables(self) -> list[str]:
        return [table for table in self.world if table != "users"]

    def add_column(self) -> None:
        table = self._table()
        name = self.draw(st.sampled_from(NAMES))
        old = self.before.get(self.tables.get(table, ""))
        if name in self.world[table].columns or (old and name in old.columns):
            return
        self.world[table].columns[name] = self.draw(some_column(self._own_tables()))

    def drop_column(self) -> None:
        if place := self._place():
            del self.world[place[0]].columns[place[1]]
            self.columns.pop(place, None)

    def rename_column(self) -> None:
        place = self._place()
        if place is None or place not in self.columns:
            return
        table, name = place
        new = f"{name}_too"
        old_table = self.tables[table]
        taken = self.before[old_table].columns
        if new in self.world[table].columns or new in taken or self.columns[place] != name:
            return
        columns = self.world[table].columns
        self.world[table].columns = {new if n == name else n: c for n, c in columns.items()}
        self.columns[table, new] = self.columns.pop(place)

    def change_flag(self) -> None:
        if place := self._place():
            column = self._at(place)
            flags = [] if column.kind == "tags" else ["filterable", "sortable"]
            if column.kind in ("text", "email", "integer") and column.default is None:
                flags.append("unique")
            if column.kind in ("text", "email"):
                flags.append("searchable")
            if flags:
                flag = self.draw(st.sampled_from(flags))
                flipped: dict[str, Any] = {flag: not getattr(column, flag)}
                self._put(place, replace(column, **flipped))

    def change_presence(self) -> None:
        if place := self._place():
            column = self._at(place)
            if self.draw(st.booleans()) and not column.unique and column.kind != "uuid":
                value = self.draw(st.none() | column.some_value())
                column = replace(column, default=value)
            column = replace(column, nullable=self.draw(st.booleans()))
            self._put(place, column)

    def change_type(self) -> None:
        place = self._place()
        if place is None:
            return
        column = self._at(place)
        changes = [table[column.kind] for table in (WIDER, OTHER) if column.kind in table]
        if changes:
            self._put(place, self.draw(st.sampled_from(changes))(column))

    def change_soft_delete(self) -> None:
        table = self._table()
        if table != "users":
            self.world[table].soft = not self.world[table].soft

    def add_table(self) -> None:
        name = self.draw(st.sampled_from(TABLES))
        if name not in self.world and name not in self.before:
            self.world[name] = self.draw(some_table([*self._own_tables(), name]))

    def drop_table(self) -> None:
        table = self._table()
        if self._own_tables() == [table]:
            return
        if any(c.references == table for t in self.world.values() for c in t.columns.values()):
            return
        del self.world[table]
        if table != "users":
            self.tables.pop(table, None)
        self.columns = {place: old for place, old in self.columns.items() if place[0] != table}

    def rename_table(self) -> None:
        table = self._table()
        if table == "users" or self.tables.get(table) != table:
            return
        new = f"{table}_too"
        if new in self.world or new in self.before:
            return
        self.world = {new if name == table else name: each for name, each in self.world.items()}
        for each in self.world.values():
            for name, column in each.columns.items():
                if column.references == table:
                    each.columns[name] = replace(column, references=new)
        self.tables[new] = self.tables.pop(table)
        self.columns = {
            (new if place[0] == table else place[0], place[1]): old
            for place, old in self.columns.items()
        }

    def _at(self, place: tuple[str, str]) -> Column:
        return self.world[place[0]].columns[place[1]]

    def _put(self, place: tuple[str, str], column: Column) -> None:
        self.world[place[0]].columns[place[1]] = column


@st.composite
def some_change(draw: st.DrawFn, before: World) -> Change:
    editor = Editor(draw, before)
    for _ in range(draw(st.integers(1, 4))):
        editor.edit()
    change = editor.change()
    if draw(st.booleans()):
        change.narrowed += [
            f"{table}.{name}"
            for (table, name), old in change.columns.items()
            if _is_narrower(
                before[change.tables[table]].columns[old], change.after[table].columns[name]
            )
        ]
    return change


def _is_narrower(before: Column, after: Column) -> bool:
    if before.nullable and not after.nullable and after.default is None:
        return True
    if before.kind == "decimal" == after.kind:
        (p, s), (q, t) = before.digits, after.digits
        return t < s or q - t < p - s
    if before.kind == "enum" == after.kind:
        return not set(before.values) <= set(after.values)
    return (before.kind, after.kind) in {("number", "integer"), ("text", "enum"), ("text", "uuid")}
