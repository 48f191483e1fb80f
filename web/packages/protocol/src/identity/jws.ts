// Signed texts of Handrail itself: JWS in compact form (RFC 7515) with nothing to choose. The header has one spelling for each type
// and key, so a reader compares it and never obeys it.

import { type Bytes, byteLength, utf8 } from "../bytes.ts";
import type { Members } from "../shape.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { membersOnce } from "./members.ts";

/** Why a text is not taken: it is none, names another type or key, or its signature is not by that key. */
export type Unsigned = "malformed" | "other_key" | "signature";

/** Which text is expected. */
export interface Expected {
  readonly typ: string;
  /** Most bytes of the whole text. */
  readonly most: number;
}

/** The members of a text that this key signed. */
export async function readSigned({ typ, most }: Expected, key: Bytes, raw: string): Promise<Members | Unsigned> {
  if (byteLength(raw) > most) return "malformed";
  const [head, payload, last, ...more] = raw.split(".");
  if (head === undefined || payload === undefined || last === undefined || more.length > 0) return "malformed";
  const signature = decodeBase64url(last, 64);
  if (signature === null) return "malformed";
  if (head !== header(typ, key)) return "other_key";
  if (!(await isSigned(key, utf8(`${head}.${payload}`), signature))) return "signature";
  const bytes = decodeBase64url(payload);
  return (bytes && membersOnce(bytes)) ?? "malformed";
}

/** The key that a text names; says nothing about whether it signed it. */
export function namedKey({ typ, most }: Expected, raw: string): Bytes | null {
  const [head = ""] = raw.split(".");
  const bytes = byteLength(raw) > most ? null : decodeBase64url(head);
  const kid = bytes && membersOnce(bytes)?.get("kid");
  const key = typeof kid === "string" ? decodeBase64url(kid, 32) : null;
  return key !== null && header(typ, key) === head ? key : null;
}

/** Whether this Ed25519 key made the signature. */
export async function isSigned(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, message);
  } catch {
    return false;
  }
}

function header(typ: string, key: Bytes): string {
  return encodeBase64url(utf8(`{"alg":"EdDSA","kid":"${encodeBase64url(key)}","typ":"${typ}"}`));
}
