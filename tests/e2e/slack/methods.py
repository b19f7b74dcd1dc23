"""The Web API: which methods there are, who may call them, and how tokens are had.

https://docs.slack.dev/apis/web-api
"""

from typing import TYPE_CHECKING, Any

from tests.e2e.slack import chat, conversations, surfaces, uploads
from tests.e2e.slack.calls import Answer, Call, Method, Refusal
from tests.e2e.slack.grants import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, Token
from tests.e2e.slack.workspace import APP_ID

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack


def auth_test(call: Call) -> Answer:
    """auth.test."""
    team = call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.bot.handle,
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": team.bot.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Answer:
    """auth.revoke."""
    if not call.flag("test"):
        call.token.is_revoked = True
    return {"revoked": not call.flag("test")}


def uninstall(call: Call) -> Answer:
    """apps.uninstall."""
    given = call.text("client_id"), call.text("client_secret")
    if given != (CLIENT_ID, CLIENT_SECRET):
        raise Refusal("bad_client_secret")
    call.server.uninstall(call.team)
    return {}


METHODS: dict[str, Method] = {
    "apps.uninstall": uninstall,
    "auth.revoke": auth_revoke,
    "auth.test": auth_test,
    **chat.METHODS,
    **conversations.METHODS,
    **surfaces.METHODS,
    **uploads.METHODS,
}


def work(server: "LoopbackSlack", method: str, args: dict[str, Any], token: str) -> Answer:
    """Do what a method does, and return the answer without ``ok``.

    Raises:
        Refusal: With what Slack would answer instead.
    """
    if method == "oauth.v2.access":
        return _oauth_access(server, args)
    if method == "apps.connections.open":
        if token != APP_TOKEN:
            raise Refusal(
                "not_allowed_token_type" if token in server.grants.tokens else "not_authed"
            )
        return {"url": server.socket.ticket()}
    if not token:
        raise Refusal("not_authed")
    known = server.grants.tokens.get(token)
    if known is None:
        raise Refusal("not_allowed_token_type" if token == APP_TOKEN else "invalid_auth")
    if error := known.error():
        raise Refusal(error)
    if method not in METHODS:
        raise Refusal("unknown_method", req_method=method)
    return METHODS[method](Call(server, method, args, known))


def _oauth_access(server: "LoopbackSlack", args: dict[str, Any]) -> Answer:
    """oauth.v2.access: a code, or what renews a token, for a token."""
    if args.get("client_id") != CLIENT_ID:
        raise Refusal("invalid_client_id")
    if args.get("client_secret") != CLIENT_SECRET:
        raise Refusal("bad_client_secret")
    if args.get("grant_type") == "refresh_token":
        token = server.grants.renew(str(args.get("refresh_token") or ""))
        if token is None:
            raise Refusal("invalid_refresh_token")
        return _installed(server, token, {})
    code = server.grants.codes.get(str(args.get("code") or ""))
    if code is None:
        raise Refusal("invalid_code")
    if code.is_used:
        raise Refusal("code_already_used")
    if (args.get("redirect_uri") or "") != code.redirect_uri:
        raise Refusal("bad_redirect_uri")
    code.is_used = True
    if code.scopes:
        code.team.scopes = set(code.scopes)
    told = {"authed_user": {"id": code.user_id}}
    return _installed(server, server.grants.issue(code.team), told)


def _installed(server: "LoopbackSlack", token: Token, told: Answer) -> Answer:
    team = token.team
    answer: Answer = {
        **told,
        "app_id": APP_ID,
        "scope": ",".join(sorted(team.scopes)),
        "token_type": "bot",
        "access_token": token.value,
        "bot_user_id": team.bot.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if token.renewed_by:
        answer |= {"expires_in": server.grants.life_s, "refresh_token": token.renewed_by}
    return answer
