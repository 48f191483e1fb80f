//! The tenant's switches (PRODUCT 1.1-1.3, 3.14).

/// The switches of one tenant. The default is that of a new tenant: off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Remote help is turned on (1.1).
    pub enabled: bool,
    /// Devices that are not enrolled may be helped (1.2).
    pub allow_unenrolled: bool,
    /// The two may chat (1.3).
    pub chat: bool,
    /// A session needs a reason when it starts (3.14).
    pub require_reason: bool,
    /// A session needs the number of an incident when it starts (3.14).
    pub require_incident: bool,
    /// A consent that a program gave (`--ui stdio`) counts, if the organisation's bundle says so too.
    pub scripted_consent: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            allow_unenrolled: false,
            chat: true,
            require_reason: false,
            require_incident: false,
            scripted_consent: false,
        }
    }
}
