import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

type Words = { readonly [word: string]: MessageDescriptor };

const PERMISSIONS: Words = {
  offer: msg`Offer remote assistance`,
  view: msg`View screen`,
  control: msg`Take full control`,
  elevation: msg`Elevation`,
  unattended: msg`Unattended control`,
  records: msg`Read session records`,
  audit: msg`Read the audit log`,
  settings: msg`Change settings and rules`,
  roles: msg`Change roles and assignments`,
  devices: msg`See devices`,
  directory: msg`Look after people, groups and devices`,
  "end-sessions": msg`End other people's sessions`,
};

const HINTS: Words = {
  offer: msg`Needed to start any session. Nothing else brings it, and it brings nothing else.`,
  view: msg`Sees the other person's screen after they agreed.`,
  control: msg`Uses mouse and keyboard there after they agreed.`,
  elevation: msg`Answers prompts for more rights. On X11 this is no wall: whoever has full control can already type into such prompts.`,
  unattended: msg`Takes control of a device at which nobody sits.`,
  records: msg`Everybody's sessions of the last 30 days, and those that go on.`,
  audit: msg`Who changed what in this administration, for a year.`,
  settings: msg`Switches, compliance rules, conditional access, tokens.`,
  roles: msg`Decides who may help whom. Give it to few people.`,
  devices: msg`The list of devices and their state, without changing anything.`,
  directory: msg`Reads people and groups, enrols and retires devices, sorts them into groups.`,
  "end-sessions": msg`Ends a session that goes on, at once.`,
};

const STATES: Words = { seen: msg`Not enrolled`, enrolled: msg`Enrolled`, retired: msg`Retired` };

const COMPLIANCE: Words = {
  compliant: msg`Compliant`,
  not_compliant: msg`Not compliant`,
  stale: msg`Out of date`,
  not_enrolled: msg`Not enrolled`,
};

const SOURCES: Words = { claims: msg`Sign-in service`, scim: msg`SCIM`, local: msg`Made here` };

const ACTIONS: Words = {
  warn: msg`warn the helper`,
  require_ack: msg`ask the helper to confirm the warning`,
  view_only: msg`allow viewing only`,
  block: msg`refuse the session`,
};

const MOMENTS: Words = {
  "sign-in": msg`at every sign-in, the console's too`,
  create: msg`when a helper starts a session`,
  join: msg`when somebody joins a session`,
  renew: msg`again and again during a session`,
};

const KINDS: Words = {
  access: msg`Conditional access`,
  assignment: msg`Assignment`,
  compliance: msg`Compliance rule`,
  device: msg`Device`,
  group: msg`Group`,
  invitation: msg`Invitation`,
  person: msg`Person`,
  role: msg`Role`,
  session: msg`Session`,
  settings: msg`Settings`,
  token: msg`Token`,
};

const DEEDS: Words = {
  create: msg`made`,
  change: msg`changed`,
  delete: msg`deleted`,
  enrol: msg`enrolled`,
  retire: msg`retired`,
  end: msg`ended`,
  redeem: msg`used`,
  revoke: msg`revoked`,
  groups: msg`put into groups`,
  members: msg`given other members`,
};

const FIELDS: Words = {
  name: msg`Name`,
  description: msg`Description`,
  permissions: msg`Permissions`,
  role: msg`Role`,
  groups: msg`Groups`,
  people: msg`People`,
  "scope.all_users": msg`Covers everybody`,
  "scope.all_devices": msg`Covers all devices`,
  "scope.users": msg`Covers people of groups`,
  "scope.devices": msg`Covers devices of groups`,
  actions: msg`Consequences`,
  moments: msg`When it is asked`,
  methods: msg`Ways of signing in`,
  max_age: msg`Age of the sign-in (seconds)`,
  allowed: msg`Allowed networks`,
  denied: msg`Denied networks`,
  compliant_device: msg`Compliant device`,
  state: msg`State`,
  kind: msg`Kind`,
  active: msg`May sign in`,
  enabled: msg`Remote help`,
  allow_unenrolled: msg`Devices that are not enrolled`,
  chat: msg`Chat`,
  require_reason: msg`A reason is required`,
  require_incident: msg`An incident number is required`,
  scripted_consent: msg`Programs may consent`,
  expires: msg`Expires`,
  revoked: msg`Revoked`,
};

const VALUES: Words = { true: msg`Yes`, false: msg`No` };

const TOKENS: Words = { api: msg`API`, scim: msg`SCIM` };

/** Names in the person's language of the words that the relay uses; one that is not known stands for itself. */
export function useNames() {
  const { i18n } = useLingui();
  const of = (words: Words) => (word: string) => {
    const known = words[word];
    return known === undefined ? word : i18n._(known);
  };
  return {
    permission: of(PERMISSIONS),
    hint: of(HINTS),
    deviceState: of(STATES),
    compliance: of(COMPLIANCE),
    source: of(SOURCES),
    action: of(ACTIONS),
    moment: of(MOMENTS),
    kind: of(KINDS),
    deed: of(DEEDS),
    field: of(FIELDS),
    value: of(VALUES),
    token: of(TOKENS),
    list: (words: readonly string[]) => new Intl.ListFormat(i18n.locale, { type: "conjunction" }).format(words),
    either: (words: readonly string[]) => new Intl.ListFormat(i18n.locale, { type: "disjunction" }).format(words),
  };
}
