"""apiwright data: export and import."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import typer

from apiwright.backend import Backend
from apiwright.cli.application import find_resource, load_backend
from apiwright.cli.failures import CommandFailed
from apiwright.cli.progress import Progress
from apiwright.cli.upkeep import require_up_to_date
from apiwright.core.transfer import Export, Import
from apiwright.resources.compile import CompiledResource
from apiwright.transfer.csv import HeaderFault
from apiwright.transfer.files import STANDARD, opened, replaced
from apiwright.transfer.formats import FORMATS, Format, format_named, format_of_file
from apiwright.transfer.importing import Checked, FaultyRows, check, store
from apiwright.transfer.row_ids import RowIds


def export_rows(target: str | None, name: str, file: str, format_name: str | None) -> None:
    form = _format(file, format_name)
    with _resource(target, name) as (app, resource), _file_failures(file):
        export = Export(app.runtime.parts.database, resource.schema)
        written = form.written(export.json_schema)
        total, lines = export.begin()
        with replaced(file) as output, Progress(sys.stderr, "exporting", total, "rows") as progress:
            output.write(written.header)
            done = 0
            for piece in lines:
                output.write(written.rows(piece))
                done += piece.count(b"\n")
                progress.at(done)
    typer.echo(f"exported {_count(total)} of {resource.schema.table}", err=file == STANDARD)


class ImportOptions(NamedTuple):
    """How rows are imported."""

    on_conflict: Literal["fail", "skip"]
    dry_run: bool


def import_rows(
    target: str | None, name: str, file: str, format_name: str | None, options: ImportOptions
) -> None:
    form = _format(file, format_name)
    with (
        _resource(target, name) as (app, resource),
        _file_failures(file),
        opened(file) as source,
    ):
        work = _Work(app, resource, file, source, form, options)
        checked = work.check()
        typer.echo(work.checked_sentence(checked) if options.dry_run else work.store(checked))


class _Work:
    """One import of one file."""

    def __init__(
        self,
        app: Backend,
        resource: CompiledResource[Any],
        file: str,
        source: BinaryIO,
        form: Format,
        options: ImportOptions,
    ) -> None:
        self._target = Import(
            app.runtime.parts.database, resource.schema, on_conflict=options.on_conflict
        )
        self._table = resource.schema.table
        self._file = file
        self._source = source
        self._form = form

    def check(self) -> Checked:
        """Every row. Raises CommandFailed naming those that are wrong."""
        size = self._source.seek(0, os.SEEK_END)
        with Progress(sys.stderr, "checking", size, "bytes") as progress:
            checked = check(self._rows(), self._target, progress.at)
        if checked.wrong:
            further = checked.wrong - len({fault.line for fault in checked.faults})
            raise CommandFailed(
                *map(str, checked.faults),
                *([f"and {_count(further, 'more wrong row')}"] if further > 0 else []),
                f"nothing was imported; wrong rows: {checked.wrong} of {checked.rows}",
            )
        return checked

    def checked_sentence(self, checked: Checked) -> str:
        """What a dry run says."""
        return f"{_count(checked.rows)} could be imported into {self._table}"

    def store(self, checked: Checked) -> str:
        """What came of it, in a sentence. Raises CommandFailed."""
        ids = self._ids(checked)
        try:
            with Progress(sys.stderr, "importing", checked.rows, "rows") as progress:
                done = store(self._rows(), self._target, ids, progress.at)
        except FaultyRows as error:
            raise CommandFailed(
                *map(str, error.faults),
                "the database refuses these rows; those before are in, and the same command goes "
                "on once this is mended in place",
            ) from None
        ids.forget()
        there = f"; {done.present} of the file were there" if done.present else ""
        return f"imported {_count(done.stored)} into {self._table}{there}"

    def _rows(self) -> Any:
        self._source.seek(0)
        try:
            return self._form.read(self._source, self._target.json_schema)
        except HeaderFault as error:
            raise CommandFailed(f"line 1: {error}") from None

    def _ids(self, checked: Checked) -> RowIds:
        if self._file == STANDARD or not checked.without_id:
            return RowIds.new()
        path = Path(f"{self._file}.importing")
        try:
            return RowIds.kept(path)
        except (ValueError, KeyError, TypeError):
            raise CommandFailed(
                f"{path} is not what an interrupted import leaves: move it away, or delete it if "
                "no row of this file was imported"
            ) from None
        except OSError as error:
            raise CommandFailed(
                f"{path} cannot be written ({error.strerror}), and without it an import of rows "
                "without an id could not go on after an interruption; copy the file to a folder "
                "of yours"
            ) from None


@contextlib.contextmanager
def _resource(target: str | None, name: str) -> Iterator[tuple[Backend, CompiledResource[Any]]]:
    """The application and one of its resources, its database as it must be."""
    app = load_backend(target)
    resource = find_resource(app, name, users=True)
    try:
        require_up_to_date(app.runtime, app, target)
        yield app, resource
    finally:
        app.runtime.stop()


@contextlib.contextmanager
def _file_failures(file: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandFailed(f"{file}: {error.strerror}") from None


def _format(file: str, name: str | None) -> Format:
    found = format_named(name) if name else format_of_file(file)
    if found is None:
        names = " or ".join(each.name for each in FORMATS)
        raise CommandFailed(
            f"there is no format {name!r}; it is {names}"
            if name
            else f"{file!r} does not tell its format by its suffix; give --format {names}"
        )
    return found


def _count(number: int, what: str = "row") -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
