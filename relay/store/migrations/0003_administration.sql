-- What administrators set up. Times are milliseconds since 1970-01-01 UTC; lists are JSON documents.

-- Who changed what (PRODUCT 8.3). Rows are added and, a year later, deleted; never changed.
CREATE TABLE change (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    actor_name  TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    object_kind TEXT    NOT NULL,
    object_id   TEXT    NOT NULL,
    object_name TEXT    NOT NULL,
    before      TEXT,
    after       TEXT,
    source      TEXT
) STRICT;
CREATE INDEX change_newest ON change (tenant, id);
CREATE INDEX change_at ON change (at);

CREATE TABLE tenant (
    id       TEXT    NOT NULL PRIMARY KEY,
    issuer   TEXT,
    version  INTEGER NOT NULL DEFAULT 0,
    settings TEXT
) STRICT;

-- Custom roles, assignments, compliance rules and rules of conditional access.
CREATE TABLE rule (
    tenant   TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('role', 'assignment', 'compliance', 'access')),
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL,
    role     TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) STRICT;
CREATE UNIQUE INDEX rule_role_name ON rule (tenant, name_key) WHERE kind = 'role';
CREATE INDEX rule_of_role ON rule (tenant, role) WHERE role IS NOT NULL;
