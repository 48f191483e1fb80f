//! Figures for Prometheus, on a listener of their own that only this machine reaches.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tracing::warn;

type Labelled = Family<Vec<(&'static str, String)>, Counter>;

/// The relay's figures.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    registry: Registry,
    sessions: Gauge<i64, std::sync::atomic::AtomicI64>,
    forwarded_bytes: Counter<u64, AtomicU64>,
    forwarded_records: Counter<u64, AtomicU64>,
    dropped: Labelled,
    ended: Labelled,
    hashes_differed: Counter,
    reports: Counter,
    resumed: Counter,
    store_failures: Counter,
    congestion: Family<Vec<(&'static str, String)>, Gauge>,
}

impl Metrics {
    pub(crate) fn new() -> Arc<Self> {
        let mut metrics = Self::default();
        let registry = &mut metrics.registry;
        registry.register(
            "handrail_sessions",
            "Paired sessions now",
            metrics.sessions.clone(),
        );
        for (name, help, counter) in [
            (
                "handrail_forwarded_bytes",
                "Bytes of sealed records",
                &metrics.forwarded_bytes,
            ),
            (
                "handrail_forwarded_records",
                "Sealed records",
                &metrics.forwarded_records,
            ),
            (
                "handrail_handshake_hashes_differed",
                "Handshakes whose ends disagree: somebody interfered",
                &metrics.hashes_differed,
            ),
            (
                "handrail_reports",
                "Helpers whom a sharer reported",
                &metrics.reports,
            ),
            (
                "handrail_lines_resumed",
                "Clients that came back on another carrier",
                &metrics.resumed,
            ),
            (
                "handrail_store_failures",
                "Writes that failed",
                &metrics.store_failures,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        registry.register(
            "handrail_dropped_records",
            "Sealed records that were not forwarded, by reason",
            metrics.dropped.clone(),
        );
        registry.register(
            "handrail_sessions_ended",
            "Sessions that ended, by reason",
            metrics.ended.clone(),
        );
        registry.register(
            "handrail_congestion_controller",
            "1 for the congestion controller of each carrier",
            metrics.congestion.clone(),
        );
        Arc::new(metrics)
    }

    pub(crate) fn sessions(&self, now: usize) {
        self.sessions.set(i64::try_from(now).unwrap_or(i64::MAX));
    }

    pub(crate) fn forwarded(&self, bytes: usize) {
        self.forwarded_bytes
            .inc_by(u64::try_from(bytes).unwrap_or(0));
        self.forwarded_records.inc();
    }

    pub(crate) fn dropped(&self, why: &'static str) {
        self.dropped
            .get_or_create(&vec![("reason", why.to_owned())])
            .inc();
    }

    pub(crate) fn ended(&self, why: &'static str) {
        self.ended
            .get_or_create(&vec![("reason", why.to_owned())])
            .inc();
    }

    pub(crate) fn hashes_differed(&self) {
        self.hashes_differed.inc();
    }

    pub(crate) fn reported(&self) {
        self.reports.inc();
    }

    pub(crate) fn resumed(&self) {
        self.resumed.inc();
    }

    /// What controls how much the relay sends by this carrier.
    pub(crate) fn congestion(&self, carrier: &str, controller: String) {
        let labels = vec![("carrier", carrier.to_owned()), ("controller", controller)];
        self.congestion.get_or_create(&labels).set(1);
    }

    pub(crate) fn store_failed(&self) {
        self.store_failures.inc();
    }
}

/// Serves `/metrics`. Gives the address, whose port may have been picked by the system.
pub(crate) async fn serve(
    metrics: Arc<Metrics>,
    address: SocketAddr,
) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/metrics", get(show))
        .with_state(metrics);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            warn!(%error, "metrics are not served any more");
        }
    });
    Ok(address)
}

async fn show(State(metrics): State<Arc<Metrics>>) -> impl IntoResponse {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = encode(&mut text, &metrics.registry);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text)
}
