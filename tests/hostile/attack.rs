//! What a relay that was broken into can try.

use clap::ValueEnum;

/// One switch an attack. Each is tried against the unchanged clients (`tests/e2e/attacks`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attack {
    /// Nothing: what passes arrives. The control of all others.
    None,
    /// Hands input of a helper straight to the sharer, whatever the level.
    NoFilter,
    /// Grants by a key that the organisation's bundle does not name.
    ForgeGrant,
    /// A grant of control, by the right key, for a consent to view; and no filter for input.
    UpgradeGrant,
    /// Instead of the right grant those for another tenant, helper, session, handshake, generation and challenge, all by the right key.
    MisbindGrant,
    /// After the step down to view: the grant of control from before, and the input from before.
    ReplayGrant,
    /// After the step down to view: fresh grants of control by the right key, and the input from before.
    KeepLowered,
    /// Asks for elevation where the helper asked for control, and grants it.
    AskMore,
    /// Serves its own code to the helper's browser: that takes the picture, types, and asks for elevation and unattended control.
    Origin,
    /// Grants that come 31 s after their challenge was made.
    LateGrant,
    /// Keeps a session that the real relay ended: swallows the end and passes records on.
    KeepEnded,
    /// Input records that it made up.
    ForgeInput,
    /// Each record of input three times.
    ReplayInput,
    /// Chat of the helper as input.
    Relabel,
    /// A sharer and a helper who does not have the code.
    SwapPeers,
    /// Sits in the middle and guesses the code.
    GuessCode,
    /// Sits in the middle and knows the code.
    KnowCode,
    /// Flights of an earlier handshake.
    ReplayFlights,
    /// One bit of the helper's answer is another.
    FlipFlight,
    /// Calls the peer something else, with a title and a company.
    Rename,
    /// Says that the peer is somebody else.
    Impostor,
    /// Another sign-in service.
    OtherIssuer,
    /// Another bundle of the organisation.
    OtherBundle,
    /// Asks an accomplice into a session, in the name of its helper.
    BringHelper,
    /// Asks an accomplice in the place of the colleague whom the helper named.
    InviteAnother,
    /// The same, and gives the accomplice the place of the helper with the code, whose part it says is over.
    Reseat,
}
