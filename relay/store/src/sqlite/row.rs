//! One row of table `records`, to and from a [`Record`].

use std::fmt;
use std::str::FromStr;

use policy::{DeviceId, Level, PairId, PersonId, TenantId};
use sqlx::SqliteConnection;

use crate::error::Error;
use crate::record::{Ended, NewRecord, Person, Quality, Record, Usage};
use crate::time::Time;
use crate::words::{Carrier, Features, NoSuchWord, Outcome};

/// The columns as SQLite gives them; `pending_since` is only ever compared in SQL.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    session: String,
    pair: i64,
    tenant: String,
    helper: String,
    helper_name: String,
    sharer: Option<String>,
    sharer_name: Option<String>,
    device: Option<String>,
    started: i64,
    last_seen: i64,
    ended: Option<i64>,
    end_reason: Option<String>,
    level: Option<String>,
    highest_level: Option<String>,
    features: i64,
    helper_carrier: Option<String>,
    sharer_carrier: Option<String>,
    compliance: Option<String>,
    compliance_acknowledged: Option<bool>,
    reason: Option<String>,
    incident: Option<String>,
    p50_ms: Option<i64>,
    p95_ms: Option<i64>,
    fps: Option<i64>,
    stalls: i64,
    bytes_to_helper: i64,
    bytes_to_sharer: i64,
    outcome: Option<String>,
    notes: Option<String>,
}

impl TryFrom<Row> for Record {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let ended = match (row.ended, &row.end_reason) {
            (Some(at), Some(reason)) => Some(Ended {
                at: Time(at),
                reason: word(reason)?,
            }),
            _ => None,
        };
        Ok(Self {
            row: row.id,
            last_seen: Time(row.last_seen),
            ended,
            level: row.level.as_deref().map(level).transpose()?,
            highest: row.highest_level.as_deref().map(level).transpose()?,
            usage: row.usage()?,
            outcome: row.outcome()?,
            start: row.start()?,
        })
    }
}

impl Row {
    fn usage(&self) -> Result<Usage, Error> {
        Ok(Usage {
            features: Features::from_bits(self.features)
                .ok_or_else(|| damaged("features", self.features))?,
            helper_carrier: self.helper_carrier.as_deref().map(word).transpose()?,
            sharer_carrier: self.sharer_carrier.as_deref().map(word).transpose()?,
            quality: Quality {
                p50_ms: self
                    .p50_ms
                    .map(|value| number("p50_ms", value))
                    .transpose()?,
                p95_ms: self
                    .p95_ms
                    .map(|value| number("p95_ms", value))
                    .transpose()?,
                fps: self.fps.map(|value| number("fps", value)).transpose()?,
                stalls: number("stalls", self.stalls)?,
                bytes_to_helper: number("bytes_to_helper", self.bytes_to_helper)?,
                bytes_to_sharer: number("bytes_to_sharer", self.bytes_to_sharer)?,
            },
        })
    }

    fn outcome(&self) -> Result<Option<(Outcome, String)>, Error> {
        let outcome = self.outcome.as_deref().map(word).transpose()?;
        Ok(outcome.map(|outcome| (outcome, self.notes.clone().unwrap_or_default())))
    }

    fn start(self) -> Result<NewRecord, Error> {
        let pair = u8::try_from(self.pair).ok().and_then(PairId::new);
        let sharer = self.sharer.zip(self.sharer_name);
        let compliance = self.compliance.as_deref().map(word).transpose()?;
        Ok(NewRecord {
            session: self
                .session
                .parse()
                .map_err(|_| damaged("session", &self.session))?,
            pair: pair.ok_or_else(|| damaged("pair", self.pair))?,
            tenant: TenantId(self.tenant),
            helper: Person {
                id: PersonId(self.helper),
                name: self.helper_name,
            },
            sharer: sharer.map(|(id, name)| Person {
                id: PersonId(id),
                name,
            }),
            device: self.device.map(DeviceId),
            started: Time(self.started),
            compliance: compliance.zip(self.compliance_acknowledged),
            reason: self.reason,
            incident: self.incident,
        })
    }
}

/// Adds the row of a pair that was just admitted.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    record: &NewRecord,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO records (session, pair, tenant, helper, helper_name, sharer, sharer_name, \
         device, started, last_seen, compliance, compliance_acknowledged, reason, incident) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13)",
    )
    .bind(record.session.to_string())
    .bind(i64::from(record.pair.number()))
    .bind(&record.tenant.0)
    .bind(&record.helper.id.0)
    .bind(&record.helper.name)
    .bind(record.sharer.as_ref().map(|sharer| &sharer.id.0))
    .bind(record.sharer.as_ref().map(|sharer| &sharer.name))
    .bind(record.device.as_ref().map(|device| &device.0))
    .bind(record.started.0)
    .bind(record.compliance.map(|(state, _)| state.word()))
    .bind(record.compliance.map(|(_, acknowledged)| acknowledged))
    .bind(&record.reason)
    .bind(&record.incident)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes everything that may change after the start. Whatever changes a record shows that it is not pending.
pub(super) async fn update(
    connection: &mut SqliteConnection,
    record: &Record,
) -> Result<(), Error> {
    let Usage {
        features,
        helper_carrier,
        sharer_carrier,
        quality,
    } = record.usage;
    sqlx::query(
        "UPDATE records SET pending_since = NULL, last_seen = $2, ended = $3, end_reason = $4, level = $5, \
         highest_level = $6, features = $7, helper_carrier = $8, sharer_carrier = $9, p50_ms = $10, \
         p95_ms = $11, fps = $12, stalls = $13, bytes_to_helper = $14, bytes_to_sharer = $15, compliance = $16, \
         compliance_acknowledged = $17 \
         WHERE id = $1",
    )
    .bind(record.row)
    .bind(record.last_seen.0)
    .bind(record.ended.map(|ended| ended.at.0))
    .bind(record.ended.map(|ended| ended.reason.word()))
    .bind(record.level.map(Level::word))
    .bind(record.highest.map(Level::word))
    .bind(features.bits())
    .bind(helper_carrier.map(Carrier::word))
    .bind(sharer_carrier.map(Carrier::word))
    .bind(quality.p50_ms)
    .bind(quality.p95_ms)
    .bind(quality.fps)
    .bind(quality.stalls)
    .bind(i64::try_from(quality.bytes_to_helper).unwrap_or(i64::MAX))
    .bind(i64::try_from(quality.bytes_to_sharer).unwrap_or(i64::MAX))
    .bind(record.start.compliance.map(|(state, _)| state.word()))
    .bind(record.start.compliance.map(|(_, acknowledged)| acknowledged))
    .execute(connection)
    .await?;
    Ok(())
}

/// The value with this word in the database.
pub(super) fn word<T: FromStr<Err = NoSuchWord>>(word: &str) -> Result<T, Error> {
    word.parse()
        .map_err(|error: NoSuchWord| Error::Corrupt(error.to_string()))
}

fn level(word: &str) -> Result<Level, Error> {
    word.parse().map_err(|_| damaged("level", word))
}

fn number<T: TryFrom<i64>>(column: &str, value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| damaged(column, value))
}

fn damaged(column: &str, value: impl fmt::Debug) -> Error {
    Error::Corrupt(format!("column {column} of table records holds {value:?}"))
}
