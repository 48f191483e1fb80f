/** What is wrong with a text that should be an address range. */
export type NetworkFault = "address" | "prefix";

const PARTS = 4;
const WORDS = 8;

/** Looks at a range such as `10.0.0.0/8` or `2001:db8::/32` (RFC 4632, RFC 4291); nothing if it is one. */
export function networkFault(text: string): NetworkFault | null {
  const [address = "", prefix, ...rest] = text.trim().split("/");
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : null;
  if (bits === null) return "address";
  if (rest.length > 0 || prefix === undefined || !/^\d{1,3}$/.test(prefix)) return "prefix";
  return Number(prefix) <= bits ? null : "prefix";
}

/** The lines of a text field, without empty ones. */
export function linesOf(text: string): string[] {
  const lines = text.split(/[\n,;]/).map((line) => line.trim());
  return lines.filter((line) => line !== "");
}

/** The first line that is no address range. */
export function wrongNetwork(text: string): { readonly line: string; readonly fault: NetworkFault } | null {
  for (const line of linesOf(text)) {
    const fault = networkFault(line);
    if (fault !== null) return { line, fault };
  }
  return null;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === PARTS && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const words = halves.map((half) => (half === "" ? [] : half.split(":")));
  const last = words.at(-1)?.at(-1) ?? "";
  const isMapped = last.includes(".");
  if (isMapped && !isIpv4(last)) return false;
  const all = words.flat();
  const plain = isMapped ? all.slice(0, -1) : all;
  const count = plain.length + (isMapped ? 2 : 0);
  const isRight = plain.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word));
  return isRight && (halves.length === 2 ? count < WORDS : count === WORDS);
}
