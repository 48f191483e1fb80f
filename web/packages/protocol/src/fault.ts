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

/** The fault of this name. Its sentence is the page's, in the language of the person; what stands here is for codes that no page knows. */
export function fault(name: FaultName): Fault {
  const code: FaultCode = `RH-${FAULTS[name]}`;
  return { code, text: code };
}

/** The name of a code such as `RH-1102`, or null if there is none like it. */
export function faultName(code: string): FaultName | null {
  const names = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);
  return names.find((name) => code === `RH-${FAULTS[name]}`) ?? null;
}

/** A code that comes without a sentence. */
export function faultOf(code: FaultCode): Fault {
  return { code, text: code };
}
