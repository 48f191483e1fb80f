import type { components } from "../api/schema";

export type AccessRule = components["schemas"]["AccessRuleSaid"];

/** One thing that a rule of conditional access asks, for a sentence in the person's language. */
export type Clause =
  | { readonly kind: "methods"; readonly words: readonly string[] }
  | { readonly kind: "age"; readonly minutes: number }
  | { readonly kind: "allowed"; readonly words: readonly string[] }
  | { readonly kind: "denied"; readonly words: readonly string[] }
  | { readonly kind: "device" };

/** What the rule asks, in the order in which it is read. */
export function clauses(rule: AccessRule): readonly Clause[] {
  const { methods = [], max_age: age, allowed = [], denied = [], compliant_device: device } = rule;
  return [
    ...(methods.length > 0 ? [{ kind: "methods", words: methods } as const] : []),
    ...(typeof age === "number" ? [{ kind: "age", minutes: Math.round(age / 60) } as const] : []),
    ...(allowed.length > 0 ? [{ kind: "allowed", words: allowed } as const] : []),
    ...(denied.length > 0 ? [{ kind: "denied", words: denied } as const] : []),
    ...(device === true ? [{ kind: "device" } as const] : []),
  ];
}

/** Whether the rule can shut somebody out of the console: it is asked at the sign-in. */
export function canLockOut(rule: AccessRule): boolean {
  return rule.moments.includes("sign-in") && clauses(rule).some(({ kind }) => kind !== "device");
}

/** The kinds of what a scope covers, widest first. */
export type Cover =
  | { readonly kind: "all-users" }
  | { readonly kind: "all-devices" }
  | { readonly kind: "users"; readonly ids: readonly string[] }
  | { readonly kind: "devices"; readonly ids: readonly string[] };

/** What a scope covers: everything that is named, in the order in which it is read. */
export function covers(scope: components["schemas"]["Scope"]): readonly Cover[] {
  const { all_users: users, all_devices: devices, users: ids = [], devices: groups = [] } = scope;
  return [
    ...(users ? [{ kind: "all-users" } as const] : ids.length > 0 ? [{ kind: "users", ids } as const] : []),
    ...(devices
      ? [{ kind: "all-devices" } as const]
      : groups.length > 0
        ? [{ kind: "devices", ids: groups } as const]
        : []),
  ];
}
