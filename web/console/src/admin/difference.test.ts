import { expect, test } from "vitest";
import { differences } from "./difference.ts";

const none = { removed: [], added: [] };

test("only what changed is told, field by field", () => {
  const before = { name: "Desk", chat: true, scope: { all_users: false, users: ["a", "b"] } };
  const after = { name: "Desk", chat: false, scope: { all_users: true, users: ["b", "c"] } };
  expect(differences(before, after)).toEqual([
    { field: "chat", before: "true", after: "false", ...none },
    { field: "scope.all_users", before: "false", after: "true", ...none },
    { field: "scope.users", before: null, after: null, removed: ["a"], added: ["c"] },
  ]);
});

test("what was made or deleted has one side", () => {
  expect(differences(null, { name: "x", groups: ["g"] })).toEqual([
    { field: "groups", before: null, after: null, removed: [], added: ["g"] },
    { field: "name", before: null, after: "x", ...none },
  ]);
  expect(differences({ name: "x" }, null)).toEqual([{ field: "name", before: "x", after: null, ...none }]);
  expect(differences({ groups: [] }, null)).toEqual([]);
});

test("lists of objects are lines, and the order of a list is no change", () => {
  const actions = [{ state: "stale", action: "warn" }];
  expect(differences({ actions: [] }, { actions })).toEqual([
    { field: "actions", before: null, after: null, removed: [], added: ["stale: warn"] },
  ]);
  expect(differences({ groups: ["a", "b"] }, { groups: ["b", "a"] })).toEqual([]);
});
