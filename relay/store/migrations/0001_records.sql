-- One row per helper in a session. Times are milliseconds since 1970-01-01 UTC.
CREATE TABLE records (
    id                      INTEGER PRIMARY KEY AUTOINCREMENT,
    session                 TEXT    NOT NULL,
    pair                    INTEGER NOT NULL,
    tenant                  TEXT    NOT NULL,
    helper                  TEXT    NOT NULL,
    helper_name             TEXT    NOT NULL,
    sharer                  TEXT,
    sharer_name             TEXT,
    device                  TEXT,
    started                 INTEGER NOT NULL,
    last_seen               INTEGER NOT NULL,
    pending_since           INTEGER,
    ended                   INTEGER,
    end_reason              TEXT,
    level                   TEXT,
    highest_level           TEXT,
    features                INTEGER NOT NULL DEFAULT 0,
    helper_carrier          TEXT,
    sharer_carrier          TEXT,
    compliance              TEXT,
    compliance_acknowledged INTEGER,
    reason                  TEXT,
    incident                TEXT,
    p50_ms                  INTEGER,
    p95_ms                  INTEGER,
    fps                     INTEGER,
    stalls                  INTEGER NOT NULL DEFAULT 0,
    bytes_to_helper         INTEGER NOT NULL DEFAULT 0,
    bytes_to_sharer         INTEGER NOT NULL DEFAULT 0,
    CHECK ((ended IS NULL) = (end_reason IS NULL))
) STRICT;

-- A place in a session is taken by one helper at a time; ended rows of that place stay beside it.
CREATE UNIQUE INDEX records_open ON records (session, pair) WHERE ended IS NULL;
CREATE INDEX records_session ON records (session, pair, id);
CREATE INDEX records_newest ON records (tenant, started, id);
CREATE INDEX records_ended ON records (ended) WHERE ended IS NOT NULL;
