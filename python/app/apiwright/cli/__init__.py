"""The `apiwright` command. Each imports what it needs when it runs, so that all start fast."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from apiwright.cli.failures import print_failure, sentences_of

__all__ = ["app"]


class Commands(TyperGroup):
    """Commands whose foreseen failures end in a sentence on standard error and exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentences = sentences_of(error)
            if not sentences:
                raise
            print_failure(sentences)
            raise typer.Exit(1) from None


app = typer.Typer(
    name="apiwright",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
migrate = typer.Typer(no_args_is_help=True, help="Make, apply, take back and list migrations.")
users = typer.Typer(no_args_is_help=True, help="Accounts.")
app.add_typer(migrate, name="migrate")
keys = typer.Typer(no_args_is_help=True, help="Keys of access tokens.")
app.add_typer(users, name="users")
app.add_typer(keys, name="keys")
data = typer.Typer(no_args_is_help=True, help="Rows in files, out of the database and into it.")
app.add_typer(data, name="data")

Target = Annotated[
    str | None,
    typer.Option("--app", metavar="MODULE:NAME", help="The application; without it, apiwright's."),
]


RowsOf = Annotated[
    str, typer.Argument(metavar="RESOURCE", help="Its class, table or path, such as Article.")
]
FormatName = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="ndjson or csv, instead of by the suffix."),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from apiwright import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001 - the callback answers
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    """Serve and look after an apiwright backend.

    Settings come from APIWRIGHT_ variables and .env; `apiwright doctor` explains them."""


@app.command()
def serve(
    application: Annotated[
        str | None,
        typer.Argument(
            metavar="APP", help="module:name; without it, apiwright's own.", show_default=False
        ),
    ] = None,
    app_option: Target = None,
    host: Annotated[str | None, typer.Option(help="Instead of APIWRIGHT_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of APIWRIGHT_PORT; 0: any free.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes, instead of APIWRIGHT_WORKERS.")
    ] = None,
    server: Annotated[str, typer.Option(help="granian or uvicorn.")] = "granian",
) -> None:
    """Serve over HTTP until SIGTERM or Ctrl-C.

    What is in flight then is finished. Pending migrations are applied first in development, and
    refused in production."""
    from apiwright.cli import serving
    from apiwright.settings import set_environment

    if application and app_option:
        raise typer.BadParameter("give the application once", param_hint="APP")
    if server not in serving.SERVERS:
        raise typer.BadParameter("granian or uvicorn", param_hint="--server")
    set_environment(host=host, port=port, workers=workers)
    serving.serve(application or app_option, server)


@migrate.command("make")
def migrate_make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it does, such as add_notes.")],
    application: Annotated[str, typer.Option("--app", metavar="MODULE:NAME")],
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TABLE.OLD:NEW", help="A column that has another name now; OLD:NEW, a table."
        ),
    ] = None,
    narrow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TABLE.COLUMN", help="Values that fit a narrower type; the database checks."
        ),
    ] = None,
) -> None:
    """Write the migration from the last one's tables to those that are declared.

    SQL for both databases, both ways, and schema.json, in migrations beside the module. Nothing is
    applied: read the files, then run apiwright migrate up."""
    from apiwright.cli import migrations

    migrations.make(name, application, rename or [], narrow or [])


@migrate.command("up")
def migrate_up(application: Target = None) -> None:
    """Apply every pending migration: apiwright's, then the application's."""
    from apiwright.cli import migrations

    migrations.up(application)


@migrate.command("down")
def migrate_down(
    application: Target = None,
    steps: Annotated[int, typer.Option(min=1, help="How many migrations to take back.")] = 1,
) -> None:
    """Take back the last migrations, the application's first; what they added is lost."""
    from apiwright.cli import migrations

    migrations.down(application, steps)


@migrate.command("status")
def migrate_status(application: Target = None) -> None:
    """List every migration and when it was applied."""
    from apiwright.cli import migrations

    migrations.status(application)


@users.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(help="The account's e-mail address.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "Administrator",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an admin, or make an existing account an active admin with this password."""
    from apiwright.cli import accounts

    accounts.create_admin(email, name, from_stdin=password_stdin)


@keys.command("rotate")
def rotate_keys(
    algorithm: Annotated[str, typer.Option(help="The new key's: EdDSA or HS256.")] = "EdDSA",
) -> None:
    """Make a new key for access tokens; the one before verifies until its tokens have expired.

    Running servers take it over by themselves. The keys are in the file APIWRIGHT_TOKEN_KEYS."""
    from apiwright.cli import rotation

    if algorithm not in ("EdDSA", "HS256"):
        raise typer.BadParameter("EdDSA or HS256", param_hint="--algorithm")
    rotation.rotate("EdDSA" if algorithm == "EdDSA" else "HS256")


@data.command("export")
def export_rows(
    resource: RowsOf,
    file: Annotated[str, typer.Argument(metavar="FILE", help="- for standard output.")],
    format_name: FormatName = None,
    application: Target = None,
) -> None:
    """Write all rows of a resource to a file, .ndjson, .jsonl or .csv, as they are at one moment.

    What no answer shows is not among it, passwords first of all. The file is its owner's alone."""
    from apiwright.cli import transferring

    transferring.export_rows(application, resource, file, format_name)


@data.command("import")
def import_rows(
    resource: RowsOf,
    file: Annotated[str, typer.Argument(metavar="FILE", help="- for standard input.")],
    format_name: FormatName = None,
    on_conflict: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            help="fail or skip, when a row's id is there with other values.",
        ),
    ] = "fail",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file alone.")] = False,
    application: Target = None,
) -> None:
    """Store the rows of a file, as export wrote it or written by hand.

    First every row is checked; one that is wrong, and nothing is imported. Run again after an
    interruption, it goes on. No rule and no hook of the application is asked."""
    from apiwright.cli import transferring

    if on_conflict not in ("fail", "skip"):
        raise typer.BadParameter("fail or skip", param_hint="--on-conflict")
    options = transferring.ImportOptions("fail" if on_conflict == "fail" else "skip", dry_run)
    transferring.import_rows(application, resource, file, format_name, options)


@app.command()
def openapi(
    application: Target = None,
    output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write to a file instead.")
    ] = None,
) -> None:
    """Print the OpenAPI document."""
    from apiwright.cli import documents

    documents.write_openapi(application, output)


@app.command()
def routes(application: Target = None) -> None:
    """List every route, its lane, and why not the fast one.

    The core answers a route in the fast lane while nothing written in Python applies to it."""
    from apiwright.cli import listing

    listing.print_routes(application)


@app.command()
def explain(
    resource: Annotated[
        str, typer.Argument(metavar="RESOURCE", help="Its class, such as Article.")
    ],
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="read, list, create, update or delete.")
    ],
    email: Annotated[
        str | None,
        typer.Option("--as", metavar="EMAIL", help="Who asks; without it, nobody signed in."),
    ] = None,
    application: Target = None,
) -> None:
    """Show what a rule becomes for one user: the predicate, the SQL and the database's plan."""
    from apiwright.cli import explaining

    explaining.print_explanation(application, resource, action, email)


@app.command()
def doctor() -> None:
    """Explain the settings and check what serving needs.

    The exit status is 1 when something is wrong."""
    from apiwright.cli import checks

    if not checks.report():
        raise typer.Exit(1)
