// Documents of others: small, over https, without our cookies.

/** Most bytes of a document. */
const MOST = 256 * 1024;
/** Milliseconds that a server has: somebody waits for the security check. */
export const PATIENCE = 10_000;

/** Fetches a document; null if it cannot be had, whatever the reason. */
export type Fetch = (address: string) => Promise<Uint8Array | null>;

/** The bytes behind an https address of somebody else. A redirect could lead anywhere, so there is none. */
export const fetchForeign: Fetch = async (address) => {
  if (!address.startsWith("https://")) return null;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const rules = { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" } as const;
    const response = await fetch(address, { ...rules, signal, headers: { Accept: "application/json" } });
    return response.ok ? await limited(response) : null;
  } catch {
    return null;
  }
};

/** The whole body, or null as soon as it is too long. */
async function limited(response: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    length += value.length;
    if (length > MOST) {
      await reader?.cancel();
      return null;
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts.map((part) => part.slice())).arrayBuffer());
}
