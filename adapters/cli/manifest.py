"""Print the manifest of the Slack app for the settings at hand. Needs no package of Slack's."""

import json
from typing import TYPE_CHECKING

import typer

from adapters.cli.exits import ExitCode
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.settings import Settings


def write_manifest(settings: "Settings") -> ExitCode:
    """Write the manifest, ready to be pasted.

    Raises:
        ConfigError: It would name an address that Slack cannot reach.
    """
    from adapters.messaging.links import is_loopback
    from adapters.slack.manifest import is_for_many, manifest_for

    by_http, for_many = settings.slack_mode == "http", is_for_many(settings)
    address = settings.public_url
    if (by_http or for_many) and (not address.startswith("https://") or is_loopback(address)):
        raise ConfigError(
            f"PUBLIC_URL={address} is no address that Slack takes. Set it to the https address "
            "under which this machine is reached from outside."
        )
    manifest = manifest_for(address, by_http=by_http, for_many=for_many)
    typer.echo(json.dumps(manifest, indent=2))
    return ExitCode.OK
