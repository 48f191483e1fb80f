// Everything that can be told to a person as "it did not work" (SPEC 17). A number never changes its meaning.

/** The numbers by name. */
export const FAULTS = {
  Version: 1001,
  Ticket: 1002,
  Protocol: 1003,
  CodeMalformed: 1101,
  CodeUnknown: 1102,
  CodeBurned: 1103,
  JoinLimit: 1104,
  NoCodeFree: 1105,
  CodeExpired: 1106,
  InvitationGone: 1107,
  TenantOff: 1201,
  MayNotOffer: 1202,
  MayNotLevel: 1203,
  NotNow: 1204,
  MayNotRead: 1205,
  NotEnrolled: 1206,
  OutOfScope: 1207,
  AccessMethod: 1208,
  AccessAge: 1209,
  AccessNetwork: 1210,
  AccessDevice: 1211,
  ComplianceBlocks: 1212,
  ComplianceViewOnly: 1213,
  AcknowledgeFirst: 1214,
  ReasonNeeded: 1215,
  IncidentNeeded: 1216,
  LevelNotHere: 1217,
  MayNotAdminister: 1218,
  NotInvitable: 1219,
  SessionFull: 1220,
  SecurityCheck: 1301,
  PeerUnverified: 1302,
  PeerDiffers: 1303,
  Declined: 1401,
  TimedOut: 1402,
  FirstContact: 1403,
  ScriptedConsent: 1404,
  PeerLeft: 1501,
  PeerLost: 1502,
  RelayLost: 1503,
  SlowPeer: 1504,
  Draining: 1505,
  RelayUnreachable: 1506,
  PersonDisabled: 1507,
  EndedByAdmin: 1508,
  HandedOver: 1509,
  NoDisplay: 1601,
  DisplayLost: 1602,
  DisplayUnfit: 1603,
  PictureBroken: 1604,
  PictureFile: 1605,
  VideoUnreadable: 1606,
  NothingShared: 1607,
  ProviderUnreachable: 1701,
  SignInRefused: 1702,
  SignInAborted: 1703,
  OrganisationChanged: 1704,
  NotTrusted: 1705,
  NoBundle: 1706,
  OtherOrganisation: 1707,
  StateUnusable: 1708,
  StoreUnavailable: 1801,
  StoreFull: 1802,
  RecordUnknown: 1803,
  QueryMalformed: 1804,
  NothingThere: 1805,
  DoesNotFit: 1806,
} as const;

export type FaultName = keyof typeof FAULTS;

/** `RH-` and the number, as it stands on the wire. */
export type FaultCode = `RH-${number}`;

/** A fault as a page shows it. */
export interface Fault {
  readonly code: FaultCode;
  readonly text: string;
}

const TEXTS: Record<FaultName, string> = {
  Version: "This program and the relay speak different versions. Install the current version and try again.",
  Ticket: "The sign-in for this connection has expired. Sign in again.",
  Protocol: "The other side sent something that is not allowed. The connection was closed; nothing was lost.",
  CodeMalformed: "A code has 8 digits. Check it with your helper and type it again.",
  CodeUnknown: "This code is not valid. Codes work once and for 10 minutes: ask your helper for a new one.",
  CodeBurned: "Somebody typed this code wrongly three times, so it was cancelled. Create a new one.",
  JoinLimit: "Too many codes were tried. Wait a minute and try again.",
  NoCodeFree: "All codes of your organisation are in use. Wait a minute, or send a link instead.",
  CodeExpired: "Nobody used the code within 10 minutes. Create a new one.",
  InvitationGone: "This invitation is not open any more. Ask your colleague for a new one.",
  TenantOff: "Remote help is turned off for your organisation. An administrator can turn it on.",
  MayNotOffer: "You may not offer remote help. Ask an administrator for the permission to offer remote assistance.",
  MayNotLevel: "You do not have the permission for this level.",
  NotNow: "That is not possible at this point of the session.",
  MayNotRead: "You do not have the permission to read session records.",
  NotEnrolled:
    "This device is not enrolled, and your organisation allows help on enrolled devices only. Ask an administrator.",
  OutOfScope: "The helper may not help this person on this device. Somebody else of the service desk may.",
  AccessMethod: "Your organisation asks for a stronger sign-in for this. Sign in again.",
  AccessAge: "Your organisation asks for a fresh sign-in for this. Sign in again.",
  AccessNetwork: "Your organisation does not allow this from the network that you are in.",
  AccessDevice: "Your organisation allows this only with a device that meets its rules.",
  ComplianceBlocks: "The state of the device does not allow a session. An administrator can look at it.",
  ComplianceViewOnly: "The state of the device allows to view it, not more.",
  AcknowledgeFirst: "There is a warning about the state of the device. Acknowledge it first.",
  ReasonNeeded: "Your organisation asks for a reason. Say why you help, and start again.",
  IncidentNeeded: "Your organisation asks for the number of an incident. Enter it, and start again.",
  LevelNotHere: "This level is not available in this session.",
  MayNotAdminister: "You do not have the permission for this. Ask an administrator of your organisation.",
  NotInvitable: "This colleague cannot join the session: not known, not allowed to help this person, or in it already.",
  SessionFull: "This session has as many helpers as it can have. Somebody has to leave first.",
  SecurityCheck:
    "The security check failed: the code was mistyped, or somebody is interfering. Nothing was shared. Ask for a new code.",
  PeerUnverified:
    "It could not be verified who the other person is. Nothing was shared. Both of you should sign in again and use a new code.",
  PeerDiffers:
    "The relay names another person than the one who was verified. The session was ended and nothing was shared. Tell an administrator.",
  Declined: "The other person declined.",
  TimedOut: "There was no answer in time.",
  FirstContact:
    "This person has never helped you before. Take a moment: did you ask your IT for help yourself? Then allow it.",
  ScriptedConsent: "Your organisation only takes the answer of a person in Handrail's own window.",
  PeerLeft: "The other person ended the session.",
  PeerLost: "The connection to the other person was lost. Start a new session with a new code.",
  RelayLost: "The connection to the relay was lost. Start a new session with a new code.",
  SlowPeer: "The other side cannot keep up. The picture starts afresh.",
  Draining: "The relay is restarting. Start a new session in a minute.",
  RelayUnreachable: "The relay cannot be reached. Check the network and the relay's address.",
  PersonDisabled: "The account of one of you was disabled, so the session ended.",
  EndedByAdmin: "An administrator ended the session.",
  HandedOver: "Your colleague has taken the session over. Your part of it is over.",
  NoDisplay: "There is no screen to share: no X display answers. Check DISPLAY and its access rights.",
  DisplayLost: "The screen that was shared has gone away, so the session ended.",
  DisplayUnfit: "This screen cannot be shared: its X server lacks a needed extension or pixel format.",
  PictureBroken: "A picture arrived damaged. A fresh one was asked for.",
  PictureFile: "The picture cannot be handed to the window: its file cannot be written.",
  VideoUnreadable: "This program cannot show the picture of a browser. Help from a browser, in the console.",
  NothingShared: "No screen was chosen, so nothing is shared. Choose one to go on.",
  ProviderUnreachable: "Your organisation's sign-in service cannot be reached. Try again in a moment.",
  SignInRefused: "The sign-in was not accepted. Sign in again, and tell an administrator if it happens again.",
  SignInAborted: "The sign-in was not finished. Start it again.",
  OrganisationChanged:
    "The relay names another organisation or sign-in service than the one this program knows. Nobody was signed in. Ask an administrator before you go on.",
  NotTrusted:
    "The sign-in service was not confirmed, so nobody was signed in. If you are unsure, ask your IT for an enrolment link.",
  NoBundle:
    "The relay cannot prove which organisation it serves. An administrator must set it up with `handrail-relay keys`.",
  OtherOrganisation:
    "This account belongs to another organisation than the one this program is set up for. Sign in with your work account.",
  StateUnusable:
    "This program cannot read or keep what it knows about your organisation. Nobody was signed in. Check the folder that `--state` names.",
  StoreUnavailable: "The relay cannot write its records right now, so no session can start. Sessions that run go on.",
  StoreFull: "The relay's disk is full, so no session can start. An administrator must free space.",
  RecordUnknown: "There is no such session record, or it is not yours.",
  QueryMalformed: "The relay does not understand this request.",
  NothingThere: "There is no such entry in your organisation.",
  DoesNotFit: "This does not go together with what is already there.",
};

/** The fault with the English sentence of this program. */
export function fault(name: FaultName): Fault {
  return { code: `RH-${FAULTS[name]}`, text: TEXTS[name] };
}

/** The name of a code such as `RH-1102`, or null if there is none like it. */
export function faultName(code: string): FaultName | null {
  const names = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);
  return names.find((name) => code === `RH-${FAULTS[name]}`) ?? null;
}

/** A code that comes without a sentence, with ours. */
export function faultOf(code: FaultCode): Fault {
  const name = faultName(code);
  return name === null ? { code, text: code } : fault(name);
}
