//! What every backend of [`Records`] does; each test runs on each of them.

use policy::{DeviceId, Level, PairId, PersonId, SessionId, TenantId};

use super::*;

mod life;
mod pages;

const START: Time = Time(1_764_000_000_000);
const SECOND: i64 = 1_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// A time this many milliseconds after the start of the test's sessions.
pub(crate) fn at(offset: i64) -> Time {
    Time(START.0 + offset)
}

pub(crate) fn session(number: u8) -> SessionId {
    SessionId([number; 16])
}

pub(crate) fn contoso() -> TenantId {
    TenantId("contoso".to_owned())
}

pub(crate) fn record(number: u8) -> NewRecord {
    NewRecord {
        session: session(number),
        pair: PairId::FIRST,
        tenant: contoso(),
        helper: person("amina", "Amina Haddad"),
        sharer: Some(person("yusuf", "يوسف الخطيب")),
        device: Some(DeviceId("PC-0042".to_owned())),
        started: START,
        compliance: Some((Compliance::NotEnrolled, true)),
        reason: Some("printer; '); DROP TABLE records; --".to_owned()),
        incident: Some("INC0010042".to_owned()),
    }
}

pub(crate) fn left(at: Time) -> End {
    End {
        at,
        reason: EndReason::HelperLeft,
        usage: None,
    }
}

fn person(id: &str, name: &str) -> Person {
    Person {
        id: PersonId(id.to_owned()),
        name: name.to_owned(),
    }
}

fn usage() -> Usage {
    Usage {
        features: [Feature::View, Feature::Chat].into_iter().collect(),
        helper_carrier: Some(Carrier::Quic),
        sharer_carrier: Some(Carrier::WebSocket),
        quality: Quality {
            p50_ms: Some(9),
            p95_ms: Some(31),
            fps: Some(58),
            stalls: 2,
            bytes_to_helper: 5_000_000_000,
            bytes_to_sharer: 1_234,
        },
    }
}

async fn find(store: &dyn Records, number: u8, now: Time) -> Option<Record> {
    store
        .find(&contoso(), session(number), PairId::FIRST, now)
        .await
        .unwrap()
}

async fn start(store: &dyn Records, number: u8) {
    store.open(&record(number)).await.unwrap();
}

async fn stop(store: &dyn Records, number: u8, at: Time) {
    assert!(
        store
            .end(session(number), PairId::FIRST, left(at))
            .await
            .unwrap()
    );
}

async fn list(store: &dyn Records, filter: &Filter, after: Option<Cursor>, size: usize) -> Page {
    store.page(filter, after, size, at(100)).await.unwrap()
}

/// Makes one test for each backend and function.
macro_rules! on_each_backend {
    ($($test:ident,)+) => {
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                super::$test(&crate::Memory::default()).await;
            })+
        }

        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                let folder = tempfile::tempdir().unwrap();
                let options = crate::Options::new(folder.path().join("relay.db"));
                let store = crate::Sqlite::open(&options).await.unwrap();
                super::$test(&store).await;
                store.close().await;
            })+
        }
    };
}
use on_each_backend;
