// base64url without padding (RFC 4648, section 5), in its one spelling.

import type { Bytes } from "../bytes.ts";

export function encodeBase64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes; null if the text is none, has another spelling than ours, or another length than this. */
export function decodeBase64url(text: string, length?: number): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  // The last letter may carry bits that belong to no byte.
  if (encodeBase64url(bytes) !== text) return null;
  return length === undefined || bytes.length === length ? bytes : null;
}
