"""Answers `HEAD` as `GET` without its body, and refuses a form the caller says it cannot read (406), under `/v1`.

What changes something is answered in the form it has, whatever `Accept` says: a refusal would hide that it was done.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import InputError
from review_api.problems import problem_response

_CODE = "REQUEST-ACCEPT"


class Negotiation:
    """Stands between the frame and the application; without `Accept` it only passes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, in a form the caller reads."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        is_head, accept = scope["method"] == "HEAD", _accept(scope)
        is_refused = False

        async def negotiated(message: Message) -> None:
            nonlocal is_refused
            if is_refused:
                return
            if message["type"] == "http.response.start" and accept and message["status"] < 300:
                form = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
                if form and not accepts(accept, form):
                    is_refused = True
                    await _refusal(scope, form)(scope, receive, send)
                    return
            if is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if is_head else scope, receive, negotiated)


def accepts(accept: str, form: str) -> bool:
    """Whether an `Accept` admits a media type: the most particular range that fits decides (RFC 9110, 12.5.1)."""
    wanted = form.partition(";")[0].strip().lower()
    group = wanted.partition("/")[0]
    found: dict[str, bool] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        found[name] = not any(_is_zero(one) for one in parameters)
    for name in (wanted, f"{group}/*", "*/*"):
        if name in found:
            return found[name]
    return False


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in {"", "0."}


def _accept(scope: Scope) -> str:
    said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept"]
    return ",".join(said)


def _refusal(scope: Scope, form: str) -> ASGIApp:
    error = InputError(
        _CODE,
        f"The answer is {form.partition(';')[0]}, which the request does not accept.",
        "Name it in Accept, or send none.",
    )
    return problem_response(error, instance=scope["path"])
