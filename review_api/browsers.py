"""What a browser comes with and what it keeps of ours: its address, and cookies that no script can read."""

from fastapi import Request, Response

from core.settings import Settings

_ADDRESS = 64


def client_address(request: Request) -> str:
    """Where a request comes from, as far as this program can see."""
    return (request.client.host if request.client else "unknown")[:_ADDRESS]


def user_agent(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")


def public_address(request: Request, settings: Settings) -> str:
    """The address this site is seen under, without a slash at its end."""
    return (settings.public_url or str(request.base_url)).rstrip("/")


def set_cookie(answer: Response, settings: Settings, name: str, value: str, *, seconds: int, path: str = "/") -> None:
    """Sets a cookie that scripts cannot read and other sites' forms do not carry."""
    answer.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=settings.secure_cookies
    )
