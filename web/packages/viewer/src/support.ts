// What a session needs from the browser.

/** What it lacks, as words for an administrator; empty if it has everything. `missingCrypto` asks for curves. */
export function missing(): readonly string[] {
  const needs: readonly (readonly [string, boolean])[] = [
    ["WebAssembly", typeof WebAssembly === "object" && typeof WebAssembly.compileStreaming === "function"],
    ["WebCrypto (a secure context)", typeof crypto === "object" && typeof crypto.subtle === "object"],
    ["OffscreenCanvas", typeof OffscreenCanvas === "function"],
    ["module workers", hasModuleWorkers()],
  ];
  return needs.filter(([, isHere]) => !isHere).map(([name]) => name);
}

/** Curves of WebCrypto can only be found by trying. */
export async function missingCrypto(): Promise<readonly string[]> {
  const curves: readonly (readonly [string, KeyUsage[]])[] = [
    ["X25519", ["deriveBits"]],
    ["Ed25519", ["sign", "verify"]],
  ];
  const tried = curves.map(async ([name, uses]) => {
    const key = await crypto.subtle.generateKey({ name }, false, uses).catch(() => null);
    return key === null ? [`${name} in WebCrypto`] : [];
  });
  return (await Promise.all(tried)).flat();
}

/** A browser that knows module workers reads `type` before it looks at the address. */
function hasModuleWorkers(): boolean {
  if (typeof Worker !== "function") return false;
  // Every browser with Trusted Types has them, and would report this attempt as a violation.
  if ("trustedTypes" in globalThis) return true;
  let isRead = false;
  const options: WorkerOptions = {
    get type(): WorkerType {
      isRead = true;
      return "module";
    },
  };
  try {
    Reflect.construct(Worker, ["blob://", options]).terminate();
  } catch {
    // The address is none: the options were read first.
  }
  return isRead;
}
