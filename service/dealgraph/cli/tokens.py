"""``tokens``: make, list and revoke the tokens of a workspace."""

import json
from pathlib import Path

import click

from dealgraph.cli import options


@click.group()
def tokens() -> None:
    """The tokens of a workspace: who may read, write, review and operate."""


@tokens.command()
@options.workspace
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help="What it allows: read, write, review or operate; again for a second one.",
)
@click.option(
    "--expires",
    metavar="DATE",
    help="Its last day, in UTC, as in 2027-01-31; default: it holds until it is revoked.",
)
def create(workspace: Path, name: str, scopes: tuple[str, ...], expires: str | None) -> None:
    """Make a token called NAME and print its secret, which is shown this once."""
    from dealgraph.releases.tokens import Tokens

    token, secret = Tokens(workspace).create(name, scopes, expires)
    # The secret alone on standard output: it can go straight into a file or a secret store.
    click.echo(secret)
    click.echo(
        f"token {token.id} ({token.name}): {', '.join(_ordered(token.scopes))}"
        f"{f', until {token.expires}' if token.expires else ''}; "
        "keep the secret, it isn't shown again",
        err=True,
    )


@tokens.command("list")
@options.workspace
@options.form
def list_(workspace: Path, form: str) -> None:
    """List all tokens, expired ones too; secrets are kept nowhere."""
    from dealgraph.cli.tables import print_table
    from dealgraph.releases.tokens import Tokens

    found = Tokens(workspace).all()
    if form == "json":
        plain = [
            {
                "id": token.id,
                "name": token.name,
                "scopes": _ordered(token.scopes),
                "created": token.created,
                "expires": token.expires,
                "live": token.live,
            }
            for token in found
        ]
        click.echo(json.dumps(plain, indent=2))
        return
    rows = [
        [
            token.name,
            token.id,
            ", ".join(_ordered(token.scopes)),
            token.created,
            f"{token.expires or 'never'}{'' if token.live else ' (over)'}",
        ]
        for token in found
    ]
    print_table(["name", "id", "scopes", "created", "expires"], rows)


@tokens.command()
@options.workspace
@click.argument("token", metavar="NAME|ID")
def revoke(workspace: Path, token: str) -> None:
    """End a token; a running service notices at once."""
    from dealgraph.releases.tokens import Tokens

    gone = Tokens(workspace).revoke(token)
    click.echo(f"revoked: {gone.id} ({gone.name})")


def _ordered(scopes: frozenset[str]) -> list[str]:
    from dealgraph.releases.tokens import SCOPES

    return [scope for scope in SCOPES if scope in scopes]
