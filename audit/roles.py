"""Two roles at the database: one owns the tables, the other serves and only adds here.

Whoever gets words of their own into the web's connection can then neither change nor
empty the trail, nor take its guards away.
"""

from typing import Any

from django.conf import settings
from django.db import connection
from psycopg2 import extensions

# Nobody who serves changes or removes what is in these; the second group not even adds.
ONLY_ADDED = (
    *("audit_event", "audit_seal", "audit_head", "audit_check", "audit_content"),
)
ONLY_READ = ("django_migrations",)
GRANTS = """
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""


def grant(**_: Any) -> None:
    """Give the serving role what it needs and no more; done after every migration."""
    role = str(settings.WEB_DATABASE.get("USER", ""))
    if not role or role == connection.settings_dict["USER"]:
        return
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        _make(cursor, role)
        database = name(connection.settings_dict["NAME"])
        cursor.execute(GRANTS.format(role=name(role), database=database))
        for table in ONLY_ADDED:
            cursor.execute(f"REVOKE ALL ON {table} FROM {name(role)}")
            cursor.execute(f"GRANT SELECT, INSERT ON {table} TO {name(role)}")
        for table in ONLY_READ:
            cursor.execute(f"REVOKE ALL ON {table} FROM {name(role)}")
            cursor.execute(f"GRANT SELECT ON {table} TO {name(role)}")


def _make(cursor: Any, role: str) -> None:
    """Make the role where the owner may; the password travels only as its verifier."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone():
        return
    statement = f"CREATE ROLE {connection.ops.quote_name(role)} LOGIN"
    password = settings.WEB_DATABASE.get("PASSWORD")
    if not password:
        cursor.execute(statement)
        return
    wrapped = connection.connection
    verifier = extensions.encrypt_password(password, role, wrapped, "scram-sha-256")
    cursor.execute(f"{statement} PASSWORD %s", [verifier])
