"""Who sits at the terminal: the login of the machine, and what the house lets that person do."""

import os
import pwd

from core.database import ReadSession


def operator() -> str:
    """The name the audit will carry: whom the machine has let in, whatever the environment calls itself."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return "unknown"


def operator_role(session: ReadSession) -> str:
    """The role of the account with that name; without one, who may reach the database is its administrator."""
    from review_api import accounts

    name = operator()
    return next((user.role for user in accounts.list_users(session) if user.name == name), "admin")
