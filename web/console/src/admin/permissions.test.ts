import { expect, test } from "vitest";
import { holdsAny, implied, impliedBy, mayGive, PAGES } from "./permissions.ts";

test("each level brings those below it, and nothing brings offer", () => {
  expect(implied(["control"])).toEqual(["view", "control"]);
  expect(implied(["elevation"])).toEqual(["view", "control", "elevation"]);
  expect(implied(["unattended", "audit"])).toEqual(["view", "control", "elevation", "unattended", "audit"]);
  expect(implied(["offer"])).toEqual(["offer"]);
  expect(implied([])).toEqual([]);
});

test("what follows names from what", () => {
  expect(impliedBy(["unattended"], "view")).toBe("unattended");
  expect(impliedBy(["control", "unattended"], "view")).toBe("control");
  expect(impliedBy(["view"], "view")).toBeNull();
  expect(impliedBy(["unattended"], "offer")).toBeNull();
});

test("nobody gives a permission to administer that they lack", () => {
  expect(mayGive(["roles"], "audit")).toBe(false);
  expect(mayGive(["roles", "audit"], "audit")).toBe(true);
  expect(mayGive(["roles"], "control")).toBe(true);
});

test("pages are those of the permissions", () => {
  expect(holdsAny(["devices"], PAGES["/admin"])).toBe(true);
  expect(holdsAny(["devices"], PAGES["/admin/devices"])).toBe(true);
  expect(holdsAny(["view", "offer"], PAGES["/admin"])).toBe(false);
});
