import { expect, test } from "vitest";
import { base64url, challenge, claims } from "./random.ts";

test("the challenge is that of RFC 7636, appendix B", async () => {
  expect(await challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe(
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
});

test("claims are read in any script, and only from a token", () => {
  const middle = base64url(new TextEncoder().encode(JSON.stringify({ name: "田中", nonce: "n" })));
  expect(claims(`e30.${middle}.x`)?.get("name")).toBe("田中");
  for (const wrong of ["", "a.b.c", "e30.bnVsbA.x", "e30"]) expect(claims(wrong)).toBeNull();
});
