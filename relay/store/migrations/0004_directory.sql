-- People, groups and devices. A key is the lower-case form of the column before it.
CREATE TABLE person (
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    user_name   TEXT    NOT NULL,
    user_key    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    given       TEXT    NOT NULL,
    family      TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    company     TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    email_key   TEXT    NOT NULL,
    active      INTEGER  NOT NULL,
    external_id TEXT,
    scim_id     TEXT,
    source      TEXT    NOT NULL CHECK (source IN ('claims', 'scim')),
    last_seen   INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX person_name ON person (tenant, name_key, id);
CREATE INDEX person_user ON person (tenant, user_key);
CREATE UNIQUE INDEX person_external ON person (tenant, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX person_scim ON person (tenant, scim_id) WHERE scim_id IS NOT NULL;

CREATE TABLE directory_group (
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('people', 'devices')),
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    external_id TEXT,
    scim_id     TEXT,
    source      TEXT NOT NULL CHECK (source IN ('claims', 'scim', 'local')),
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX directory_group_name ON directory_group (tenant, kind, name_key, id);
CREATE UNIQUE INDEX directory_group_external ON directory_group (tenant, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX directory_group_scim ON directory_group (tenant, scim_id) WHERE scim_id IS NOT NULL;

-- The member is a person or a device, as the kind of the group says. One row for each who says so.
CREATE TABLE membership (
    tenant   TEXT NOT NULL,
    group_id TEXT NOT NULL,
    member   TEXT NOT NULL,
    source   TEXT NOT NULL CHECK (source IN ('claims', 'scim', 'local')),
    PRIMARY KEY (tenant, group_id, member, source)
) STRICT;
CREATE INDEX membership_of ON membership (tenant, member);

CREATE TABLE device (
    tenant      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    public_key  TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    name_key    TEXT   NOT NULL,
    platform    TEXT   NOT NULL,
    person      TEXT,
    state       TEXT   NOT NULL CHECK (state IN ('seen', 'enrolled', 'retired')),
    enrolled_at INTEGER,
    enrolled_by TEXT,
    last_seen   INTEGER NOT NULL,
    compliance  TEXT,
    reasons     TEXT,
    reported_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX device_name ON device (tenant, name_key, id);
CREATE INDEX device_person ON device (tenant, person) WHERE person IS NOT NULL;
