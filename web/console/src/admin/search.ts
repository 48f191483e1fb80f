// What the addresses of the administration's pages say. What does not fit is left out.

type Words = { readonly [name: string]: unknown };

export interface Search {
  search?: string;
}

export interface DeviceSearch extends Search {
  state?: string;
  user?: string;
}

export interface AuditSearch {
  kind?: string;
  action?: string;
  actor?: string;
}

export interface Asked {
  helper?: string;
  sharer?: string;
  device?: string;
  level?: string;
}

export const DEVICE_STATES = ["seen", "enrolled", "retired"];
export const LEVELS = ["view", "control", "elevation", "unattended"];
export const KINDS = [
  "access",
  "assignment",
  "compliance",
  "device",
  "group",
  "invitation",
  "person",
  "role",
  "session",
  "settings",
  "token",
];
export const ACTIONS = [
  "create",
  "change",
  "delete",
  "enrol",
  "retire",
  "groups",
  "members",
  "end",
  "redeem",
  "revoke",
];

export function searchOf({ search }: Words): Search {
  return text("search", search);
}

export function deviceSearchOf({ search, state, user }: Words): DeviceSearch {
  return { ...text("search", search), ...text("state", state, DEVICE_STATES), ...text("user", user) };
}

export function auditOf({ kind, action, actor }: Words): AuditSearch {
  return { ...text("kind", kind, KINDS), ...text("action", action, ACTIONS), ...text("actor", actor) };
}

export function askedOf({ helper, sharer, device, level }: Words): Asked {
  return {
    ...text("helper", helper),
    ...text("sharer", sharer),
    ...text("device", device),
    ...text("level", level, LEVELS),
  };
}

function text<Name extends string>(name: Name, value: unknown, known?: readonly string[]): { [name in Name]?: string } {
  if (typeof value !== "string" && typeof value !== "number") return {};
  const word = String(value);
  const isRight = word !== "" && (known === undefined || known.includes(word));
  return isRight ? ({ [name]: word } as { [name in Name]?: string }) : {};
}
