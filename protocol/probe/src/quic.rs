//! QUIC, as a client dials it.

use std::time::{Duration, Instant};

use carrier::{Carrier, ClientTls, Congestion, DialError, Lost, dial_quic};
use tokio::time::timeout;

use crate::question::{is_answer, question};
use crate::witness::Witness;
use crate::{Believed, Carried, NoQuic};

/// Connects by UDP and asks the relay something.
pub(crate) async fn ask(
    relay: &str,
    tls: &ClientTls,
    witness: &Witness,
) -> Result<Carried, NoQuic> {
    let asked = async {
        let dialled = dial_quic(relay, tls, Congestion::default()).await;
        let mut carrier = dialled.map_err(|error| why(error, witness))?;
        let before = Instant::now();
        exchange(&mut carrier).await?;
        Ok(before.elapsed())
    };
    let asked = timeout(UDP_PATIENCE, asked).await;
    let round_trip = asked.unwrap_or(Err(NoQuic::Silent))?;
    Ok(Carried { round_trip })
}

async fn exchange(carrier: &mut Carrier) -> Result<(), NoQuic> {
    let other = || NoQuic::Refused("what answers is no relay".to_owned());
    let lost = |lost: Lost| NoQuic::Refused(lost.to_string());
    let frame = question().ok_or_else(other)?;
    carrier.say_first(frame).await.map_err(lost)?;
    let answer = carrier.first_message().await.map_err(lost)?;
    is_answer(&answer).then_some(()).ok_or_else(other)
}

fn why(error: DialError, witness: &Witness) -> NoQuic {
    if let Some(shown) = witness.shown()
        && let Believed::No(_) = shown.believed
    {
        return NoQuic::NotBelieved(shown.certificate.issuer);
    }
    match error {
        DialError::Timeout(_) => NoQuic::Silent,
        DialError::Address(_)
        | DialError::Connect { .. }
        | DialError::Tls(_)
        | DialError::Refused(_) => NoQuic::Refused(error.to_string()),
    }
}

/// A client gives UDP a third of a second; whether it is blocked needs a second packet or two.
const UDP_PATIENCE: Duration = Duration::from_secs(3);
