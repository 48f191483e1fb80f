//! Everything that can be told to a person as "it did not work", with a code that never changes its meaning (PRODUCT 10.5).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal;)*) => {
        /// What went wrong, for the person in front of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault { $($(#[$doc])* $name,)* }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable number: `RH-1102` is 1102.
            pub fn number(self) -> u16 {
                match self { $(Self::$name => $number,)* }
            }

            /// What happened, what was kept, what to do: plain English.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

faults! {
    /// The two programs share no version of the protocol.
    Version = 1001, "This program and the relay speak different versions. Install the current version and try again.";
    /// The first message of a connection held no usable ticket.
    Ticket = 1002, "The sign-in for this connection has expired. Sign in again.";
    /// A message that the protocol does not allow.
    Protocol = 1003, "The other side sent something that is not allowed. The connection was closed; nothing was lost.";
    /// The typed text is not a code.
    CodeMalformed = 1101, "A code has 8 digits. Check it with your helper and type it again.";
    /// Unknown, used, expired or of another organisation: told alike.
    CodeUnknown = 1102, "This code is not valid. Codes work once and for 10 minutes: ask your helper for a new one.";
    /// Three attempts were used up.
    CodeBurned = 1103, "Somebody typed this code wrongly three times, so it was cancelled. Create a new one.";
    /// Too many codes were tried.
    JoinLimit = 1104, "Too many codes were tried. Wait a minute and try again.";
    /// All routing numbers of the organisation are taken.
    NoCodeFree = 1105, "All codes of your organisation are in use. Wait a minute, or send a link instead.";
    /// Ten minutes are over.
    CodeExpired = 1106, "Nobody used the code within 10 minutes. Create a new one.";
    /// The invitation was taken back, used, or is over.
    InvitationGone = 1107, "This invitation is not open any more. Ask your colleague for a new one.";
    /// The organisation has not turned remote help on.
    TenantOff = 1201, "Remote help is turned off for your organisation. An administrator can turn it on.";
    /// The person may not offer help.
    MayNotOffer = 1202, "You may not offer remote help. Ask an administrator for the permission to offer remote assistance.";
    /// The person lacks the permission for this level.
    MayNotLevel = 1203, "You do not have the permission for this level.";
    /// The request does not fit the state of the session.
    NotNow = 1204, "That is not possible at this point of the session.";
    /// The person may not read the records of others.
    MayNotRead = 1205, "You do not have the permission to read session records.";
    /// The device is not enrolled, and the organisation does not allow that.
    NotEnrolled = 1206, "This device is not enrolled, and your organisation allows help on enrolled devices only. Ask an administrator.";
    /// The helper may help others, not this person on this device.
    OutOfScope = 1207, "The helper may not help this person on this device. Somebody else of the service desk may.";
    /// A rule asks for another way of signing in.
    AccessMethod = 1208, "Your organisation asks for a stronger sign-in for this. Sign in again.";
    /// A rule asks for a younger sign-in.
    AccessAge = 1209, "Your organisation asks for a fresh sign-in for this. Sign in again.";
    /// A rule does not allow the network.
    AccessNetwork = 1210, "Your organisation does not allow this from the network that you are in.";
    /// A rule asks for a compliant device.
    AccessDevice = 1211, "Your organisation allows this only with a device that meets its rules.";
    /// The state of the sharer's device forbids the session.
    ComplianceBlocks = 1212, "The state of the device does not allow a session. An administrator can look at it.";
    /// The state of the sharer's device allows view only.
    ComplianceViewOnly = 1213, "The state of the device allows to view it, not more.";
    /// The helper has to acknowledge the state of the sharer's device first.
    AcknowledgeFirst = 1214, "There is a warning about the state of the device. Acknowledge it first.";
    /// The organisation asks for a reason.
    ReasonNeeded = 1215, "Your organisation asks for a reason. Say why you help, and start again.";
    /// The organisation asks for the number of an incident.
    IncidentNeeded = 1216, "Your organisation asks for the number of an incident. Enter it, and start again.";
    /// The level does not exist in this kind of session.
    LevelNotHere = 1217, "This level is not available in this session.";
    /// Settings, roles, devices or people need a permission that the person or the token does not have.
    MayNotAdminister = 1218, "You do not have the permission for this. Ask an administrator of your organisation.";
    /// The colleague cannot come into the session; unknown ones are answered alike.
    NotInvitable = 1219, "This colleague cannot join the session: not known, not allowed to help this person, or in it already.";
    /// As many helpers as a session can have are in it, or invited.
    SessionFull = 1220, "This session has as many helpers as it can have. Somebody has to leave first.";
    /// The two ends do not share the code, or somebody sits between them.
    SecurityCheck = 1301, "The security check failed: the code was mistyped, or somebody is interfering. Nothing was shared. Ask for a new code.";
    /// The other end could not show who its person is.
    PeerUnverified = 1302, "It could not be verified who the other person is. Nothing was shared. Both of you should sign in again and use a new code.";
    /// The relay names another person than the one whose identity was verified.
    PeerDiffers = 1303, "The relay names another person than the one who was verified. The session was ended and nothing was shared. Tell an administrator.";
    /// The sharer said no.
    Declined = 1401, "The other person declined.";
    /// Nobody answered.
    TimedOut = 1402, "There was no answer in time.";
    /// Control was allowed before the pause of a first contact was over.
    FirstContact = 1403, "This person has never helped you before. Take a moment: did you ask your IT for help yourself? Then allow it.";
    /// A program gave a consent, and the organisation does not take such.
    ScriptedConsent = 1404, "Your organisation only takes the answer of a person in Handrail's own window.";
    /// The other person ended the session.
    PeerLeft = 1501, "The other person ended the session.";
    /// The other person's connection broke.
    PeerLost = 1502, "The connection to the other person was lost. Start a new session with a new code.";
    /// The connection to the relay broke.
    RelayLost = 1503, "The connection to the relay was lost. Start a new session with a new code.";
    /// The other end takes the picture more slowly than this one sends it.
    SlowPeer = 1504, "The other side cannot keep up. The picture starts afresh.";
    /// The relay is being stopped in an orderly way.
    Draining = 1505, "The relay is restarting. Start a new session in a minute.";
    /// The relay cannot be reached.
    RelayUnreachable = 1506, "The relay cannot be reached. Check the network and the relay's address.";
    /// The account of one of the two was disabled.
    PersonDisabled = 1507, "The account of one of you was disabled, so the session ended.";
    /// An administrator ended the session.
    EndedByAdmin = 1508, "An administrator ended the session.";
    /// A colleague took the session over.
    HandedOver = 1509, "Your colleague has taken the session over. Your part of it is over.";
    /// There is no display to share.
    NoDisplay = 1601, "There is no screen to share: no X display answers. Check DISPLAY and its access rights.";
    /// The display went away.
    DisplayLost = 1602, "The screen that was shared has gone away, so the session ended.";
    /// The display lacks something that sharing needs.
    DisplayUnfit = 1603, "This screen cannot be shared: its X server lacks a needed extension or pixel format.";
    /// The picture could not be decoded.
    PictureBroken = 1604, "A picture arrived damaged. A fresh one was asked for.";
    /// The file through which a window gets the picture cannot be used.
    PictureFile = 1605, "The picture cannot be handed to the window: its file cannot be written.";
    /// This program has no decoder for the video of a browser that shares.
    VideoUnreadable = 1606, "This program cannot show the picture of a browser. Help from a browser, in the console.";
    /// The person of a browser chose nothing to share.
    NothingShared = 1607, "No screen was chosen, so nothing is shared. Choose one to go on.";
    /// The organisation's sign-in service does not answer.
    ProviderUnreachable = 1701, "Your organisation's sign-in service cannot be reached. Try again in a moment.";
    /// The sign-in was refused.
    SignInRefused = 1702, "The sign-in was not accepted. Sign in again, and tell an administrator if it happens again.";
    /// The person closed the sign-in or did not finish it.
    SignInAborted = 1703, "The sign-in was not finished. Start it again.";
    /// The relay does not speak for the organisation that this program knows.
    OrganisationChanged = 1704, "The relay names another organisation or sign-in service than the one this program knows. Nobody was signed in. Ask an administrator before you go on.";
    /// The person did not confirm the sign-in service.
    NotTrusted = 1705, "The sign-in service was not confirmed, so nobody was signed in. If you are unsure, ask your IT for an enrolment link.";
    /// The relay has no bundle of the organisation that can be verified.
    NoBundle = 1706, "The relay cannot prove which organisation it serves. An administrator must set it up with `handrail-relay keys`.";
    /// Somebody signed in with an account of another organisation.
    OtherOrganisation = 1707, "This account belongs to another organisation than the one this program is set up for. Sign in with your work account.";
    /// What is kept about the organisation cannot be read or written.
    StateUnusable = 1708, "This program cannot read or keep what it knows about your organisation. Nobody was signed in. Check the folder that `--state` names.";
    /// The relay's store does not answer.
    StoreUnavailable = 1801, "The relay cannot write its records right now, so no session can start. Sessions that run go on.";
    /// The relay's disk is full.
    StoreFull = 1802, "The relay's disk is full, so no session can start. An administrator must free space.";
    /// No such record, or not one of this person.
    RecordUnknown = 1803, "There is no such session record, or it is not yours.";
    /// The relay does not understand the request.
    QueryMalformed = 1804, "The relay does not understand this request.";
    /// What the request names does not exist, or belongs to another organisation.
    NothingThere = 1805, "There is no such entry in your organisation.";
    /// The change contradicts what is kept: a name is taken, a limit is reached, or others need what should go.
    DoesNotFit = 1806, "This does not go together with what is already there.";
}

impl Fault {
    /// The fault with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|fault| fault.number() == number)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RH-{}", self.number())
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.strip_prefix("RH-")
            .and_then(|number| number.parse().ok())
            .and_then(Self::from_number)
            .ok_or_else(|| serde::de::Error::custom("no such fault"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_means_one_thing() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_number(fault.number()), Some(*fault));
            let code = serde_json::to_string(fault).unwrap();
            assert_eq!(serde_json::from_str::<Fault>(&code).unwrap(), *fault);
        }
    }
}
