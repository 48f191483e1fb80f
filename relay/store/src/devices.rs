//! The machines of a tenant (PRODUCT 2.6, 6, 11.5).

use std::time::Duration;

use policy::{Compliance, DeviceId, GroupId, PersonId, TenantId};

use crate::audit::Act;
use crate::device::{Device, Reason, Seen};
use crate::place::{Listed, Place};
use crate::records::Answer;
use crate::time::Time;
use crate::words::DeviceState;

/// A device that was only seen is forgotten after this long.
pub const SEEN_RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// One person brings at most this many devices that are only seen.
pub const SEEN_LIMIT: usize = 50;

/// Which devices are wanted. Every part narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    /// Only those whose name begins with this text.
    pub search: String,
    /// Only those that have come this far.
    pub state: Option<DeviceState>,
    /// Only those of this person.
    pub user: Option<PersonId>,
}

/// The machines of a tenant.
pub trait Devices: Send + Sync {
    /// Keeps what a connection says about its machine and who signed in on it. Neither enrols nor un-enrols it, and changes neither name
    /// nor user of an enrolled one. Beyond [`SEEN_LIMIT`], that one of the person's gives way that was not seen for longest.
    ///
    /// # Errors
    /// [`crate::Refused::Taken`] if another public key stands under this id.
    fn see<'a>(
        &'a self,
        tenant: &'a TenantId,
        device: &'a Seen,
        user: Option<&'a PersonId>,
        now: Time,
    ) -> Answer<'a, ()>;

    /// The device belongs here. A report from before does not count. Answers `false` if there is no such device.
    fn enrol<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
    ) -> Answer<'a, bool>;

    /// The device does not belong here any more, and is in no group. Answers `false` if there is no such device.
    fn retire<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
    ) -> Answer<'a, bool>;

    /// Puts an enrolled device into these groups and no other. Answers `false` if there is no such enrolled device.
    ///
    /// # Errors
    /// [`crate::Refused::Unknown`] if one is not a group of devices.
    fn set_groups<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
        groups: &'a [GroupId],
    ) -> Answer<'a, bool>;

    /// Keeps what was found out about an enrolled device; later reports replace earlier ones. Answers `false` if there is no such
    /// enrolled device.
    ///
    /// # Errors
    /// [`crate::Refused::Value`] for a state that follows from the time or from enrolment, not from a report.
    fn report<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a DeviceId,
        compliance: Compliance,
        reasons: &'a [Reason],
        now: Time,
    ) -> Answer<'a, bool>;

    /// One device.
    fn device<'a>(&'a self, tenant: &'a TenantId, id: &'a DeviceId) -> Answer<'a, Option<Device>>;

    /// Devices by name.
    fn devices<'a>(
        &'a self,
        tenant: &'a TenantId,
        filter: &'a DeviceFilter,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Device>>;
}
