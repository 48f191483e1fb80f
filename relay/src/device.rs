//! A sharer's machine, as its key proves it (SPEC 6.7).

use ::identity::{PublicKey, Signature};
use policy::{DeviceId, Machine};
use relay_core::Device;
use wire::Fault;

/// The machine that said hello with this ticket. One that proves nothing is unknown; one whose proof is wrong is refused.
///
/// # Errors
/// [`Fault::Protocol`] if the signature is not by the key.
pub(crate) fn proven(said: Option<&wire::Device>, ticket: &str) -> Result<Device, Fault> {
    let Some(said) = said else {
        return Ok(Device::default());
    };
    let key = PublicKey(said.key.0);
    let signature: Signature = said.signature.parse().map_err(|_| Fault::Protocol)?;
    let message = [b"rh-device/1".as_slice(), ticket.as_bytes()].concat();
    if !key.verifies(&message, &signature) {
        return Err(Fault::Protocol);
    }
    let id = key.fingerprint().chars().take(ID_DIGITS).collect();
    Ok(Device {
        id: Some(DeviceId(id)),
        name: Some(said.name.clone()),
        machine: Machine::Unenrolled,
    })
}

/// Hex digits of the fingerprint that name a device.
const ID_DIGITS: usize = 32;

#[cfg(test)]
mod tests {
    use ::identity::SigningKey;
    use policy::PublicBytes;

    use super::*;

    fn said(signed: &str) -> wire::Device {
        let key = SigningKey::new([7; 32]).unwrap();
        wire::Device {
            key: PublicBytes(key.public().0),
            name: "reception-2".into(),
            platform: "Debian".into(),
            signature: key.sign(signed.as_bytes()).to_string(),
        }
    }

    #[test]
    fn a_machine_is_known_by_its_key_for_this_ticket_only() {
        let device = proven(Some(&said("rh-device/1ticket")), "ticket").unwrap();
        assert_eq!(device.id.unwrap().0.len(), 32);
        assert_eq!(
            proven(Some(&said("rh-device/1other")), "ticket"),
            Err(Fault::Protocol)
        );
        assert_eq!(
            proven(Some(&said("ticket")), "ticket"),
            Err(Fault::Protocol)
        );
        assert_eq!(proven(None, "ticket").unwrap().id, None);
    }
}
