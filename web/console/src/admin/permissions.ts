/** Every permission by its word, lowest first, as the relay knows them. */
export const PERMISSIONS = [
  "view",
  "control",
  "elevation",
  "unattended",
  "offer",
  "records",
  "audit",
  "settings",
  "roles",
  "devices",
  "directory",
  "end-sessions",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Permissions to help. The others are those to administer. */
export const HELP: readonly Permission[] = ["offer", "view", "control", "elevation", "unattended"];
export const ADMINISTRATION: readonly Permission[] = PERMISSIONS.filter((one) => !HELP.includes(one));

/** What follows from what: each ticked one brings those below it (PRODUCT 2.2). `offer` stands for itself. */
const LADDER: readonly Permission[] = ["view", "control", "elevation", "unattended"];

/** The ticked ones and what follows from them, in the relay's order. */
export function implied(ticked: readonly string[]): readonly Permission[] {
  const top = Math.max(...LADDER.map((one, at) => (ticked.includes(one) ? at : -1)));
  return PERMISSIONS.filter((one) => ticked.includes(one) || (LADDER.includes(one) && LADDER.indexOf(one) < top));
}

/** The lowest ticked one from which this one follows, if it is not ticked for itself alone. */
export function impliedBy(ticked: readonly string[], one: Permission): Permission | null {
  const at = LADDER.indexOf(one);
  if (at < 0) return null;
  return LADDER.slice(at + 1).find((higher) => ticked.includes(higher)) ?? null;
}

/**
 * Whether somebody who holds `held` may give this: permissions to administer only if they hold them. Permissions to help may be
 * given to others without holding them; the relay refuses that somebody gives them to themselves (PRODUCT 2.3, 2.8).
 */
export function mayGive(held: readonly string[], one: Permission): boolean {
  return HELP.includes(one) || held.includes(one);
}

/** Whether somebody may do one of these. */
export function holdsAny(held: readonly string[], wanted: readonly Permission[]): boolean {
  return wanted.some((one) => held.includes(one));
}

/** Pages of the administration, in the order of the navigation, with the permissions of which one is needed. */
export const PAGES = {
  "/admin": ADMINISTRATION,
  "/admin/settings": ["settings"],
  "/admin/roles": ["roles"],
  "/admin/assignments": ["roles"],
  "/admin/people": ["directory", "roles"],
  "/admin/groups": ["directory", "roles"],
  "/admin/devices": ["devices", "directory"],
  "/admin/explain": ["directory", "roles"],
  "/admin/compliance": ["settings"],
  "/admin/access": ["settings"],
  "/admin/sessions": ["records", "end-sessions"],
  "/admin/audit": ["audit"],
  "/admin/tokens": ["settings"],
} as const satisfies { readonly [path: string]: readonly Permission[] };

export type AdminPath = keyof typeof PAGES;
