"""Tables of libraries, and tables Django makes itself, that are not audited, each with its reason.

Our own models say it in their Meta: `triggers = audit.unaudited("why")`.
"""

EXEMPT: dict[str, str] = {
    "account": "the sign-in library's; its adapter opens a group for changes of a password",
    "mfa": "the sign-in library's; its adapter opens a group for changes of a factor",
    "usersessions": "who is signed in where",
    "socialaccount": "the sign-in library's",
    "sessions": "who is signed in",
    "contenttypes": "made by migrations",
    "auth": "made by migrations; roles are a table in code",
}
