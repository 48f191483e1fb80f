import { expect, test } from "vitest";
import { canLockOut, clauses, covers } from "./rule.ts";

const empty = { name: "x", moments: [] };

test("a rule says what it asks, in one order", () => {
  const rule = { ...empty, denied: ["10.0.0.0/8"], methods: ["mfa"], max_age: 3600, compliant_device: true };
  expect(clauses(rule)).toEqual([
    { kind: "methods", words: ["mfa"] },
    { kind: "age", minutes: 60 },
    { kind: "denied", words: ["10.0.0.0/8"] },
    { kind: "device" },
  ]);
  expect(clauses({ ...empty, methods: [], max_age: null })).toEqual([]);
});

test("only a rule that is asked at the sign-in shuts anybody out", () => {
  expect(canLockOut({ ...empty, moments: ["sign-in"], methods: ["mfa"] })).toBe(true);
  expect(canLockOut({ ...empty, moments: ["create", "renew"], methods: ["mfa"] })).toBe(false);
  expect(canLockOut({ ...empty, moments: ["sign-in"] })).toBe(false);
});

test("all of a kind makes its groups mean nothing", () => {
  expect(covers({ all_users: true, users: ["a"], devices: ["d"] })).toEqual([
    { kind: "all-users" },
    { kind: "devices", ids: ["d"] },
  ]);
  expect(covers({})).toEqual([]);
});
