//! Table `consent`.

use policy::{PairId, SessionId};
use sqlx::SqliteConnection;

use super::transact::transact;
use super::{Sqlite, document};
use crate::consents::{CONSENT_LIMIT, Consent, Consents};
use crate::error::Error;
use crate::records::Answer;
use crate::refused::Refused;
use crate::time::Time;

/// A place has at most this many: more than anybody asks for in a day.
const PLACE_LIMIT: usize = 1_000;
/// Signatures and keys are no longer than this, in bytes of text.
const KEY_LIMIT: usize = 1_024;

#[derive(sqlx::FromRow)]
struct Row {
    generation: i64,
    level: String,
    document: String,
    signature: String,
    public_key: String,
    at: i64,
}

impl Row {
    fn consent(self, session: SessionId, pair: PairId) -> Result<Consent, Error> {
        let generation = u32::try_from(self.generation);
        Ok(Consent {
            session,
            pair,
            generation: generation.map_err(|_| document::damaged("generation"))?,
            level: self.level.parse().map_err(|_| document::damaged("level"))?,
            document: self.document,
            signature: self.signature,
            public_key: self.public_key,
            at: Time(self.at),
        })
    }
}

impl Consents for Sqlite {
    fn keep<'a>(&'a self, consent: &'a Consent) -> Answer<'a, ()> {
        transact!(self, |connection| { keep(connection, consent).await })
    }

    fn consents_of(&self, session: SessionId, pair: PairId) -> Answer<'_, Vec<Consent>> {
        Box::pin(async move {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT * FROM consent WHERE session = $1 AND pair = $2 ORDER BY id",
            )
            .bind(session.to_string())
            .bind(i64::from(pair.number()))
            .fetch_all(&self.readers)
            .await?;
            let read = |row: Row| row.consent(session, pair);
            rows.into_iter().map(read).collect()
        })
    }
}

async fn keep(connection: &mut SqliteConnection, consent: &Consent) -> Result<(), Error> {
    for (field, text, limit) in [
        ("document", &consent.document, CONSENT_LIMIT),
        ("signature", &consent.signature, KEY_LIMIT),
        ("public key", &consent.public_key, KEY_LIMIT),
    ] {
        if text.is_empty() {
            return Err(Refused::Empty { field, limit }.into());
        }
        if text.len() > limit {
            return Err(Refused::TooLong { field, limit }.into());
        }
    }
    let (session, pair) = (
        consent.session.to_string(),
        i64::from(consent.pair.number()),
    );
    let kept: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM consent WHERE session = $1 AND pair = $2")
            .bind(&session)
            .bind(pair)
            .fetch_one(&mut *connection)
            .await?;
    if usize::try_from(kept).unwrap_or(usize::MAX) >= PLACE_LIMIT {
        let (what, limit) = ("consent", PLACE_LIMIT);
        return Err(Refused::TooMany { what, limit }.into());
    }
    sqlx::query(
        "INSERT INTO consent (session, pair, generation, level, document, signature, public_key, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session)
    .bind(pair)
    .bind(i64::from(consent.generation))
    .bind(consent.level.word())
    .bind(&consent.document)
    .bind(&consent.signature)
    .bind(&consent.public_key)
    .bind(consent.at.0)
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use policy::Level;

    use super::*;
    use crate::conformance::{at, session};
    use crate::sqlite::fixture::{refusal, store};

    #[tokio::test]
    async fn a_consent_is_kept_byte_by_byte() {
        let (_folder, store) = store().await;
        let first = Consent {
            session: session(1),
            pair: PairId::FIRST,
            generation: 1,
            level: Level::View,
            document: " {\"level\":\"view\"}\u{200f}\n".to_owned(),
            signature: "aa".repeat(64),
            public_key: "bb".repeat(32),
            at: at(1),
        };
        let second = Consent {
            generation: 2,
            level: Level::Control,
            ..first.clone()
        };
        store.keep(&first).await.unwrap();
        store.keep(&second).await.unwrap();
        let found = store.consents_of(session(1), PairId::FIRST).await;
        assert_eq!(found.unwrap(), [first.clone(), second]);
        let other = store.consents_of(session(2), PairId::FIRST).await;
        assert!(other.unwrap().is_empty());
        let long = Consent {
            document: "x".repeat(4_097),
            ..first
        };
        let (field, limit) = ("document", 4_096);
        let refused = refusal(store.keep(&long).await);
        assert_eq!(refused, Some(Refused::TooLong { field, limit }));
    }
}
