-- Hashes of secrets, and what sharers signed. No secret itself is ever kept.
CREATE TABLE token (
    tenant      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('scim', 'api')),
    permissions TEXT   NOT NULL,
    hash        TEXT   NOT NULL UNIQUE,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    last_used   INTEGER,
    revoked     INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE invitation (
    hash    TEXT   NOT NULL PRIMARY KEY,
    tenant  TEXT   NOT NULL,
    expires INTEGER NOT NULL,
    used    INTEGER,
    used_by TEXT
) STRICT;

CREATE TABLE consent (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    session    TEXT   NOT NULL,
    pair       INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    level      TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    signature  TEXT   NOT NULL,
    public_key TEXT   NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_place ON consent (session, pair, id);
