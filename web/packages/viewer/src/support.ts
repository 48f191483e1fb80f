// What a session needs from the browser.

/** What it lacks, as words for an administrator; empty if it has everything. `missingCrypto` asks for X25519. */
export function missing(): readonly string[] {
  const needs: readonly (readonly [string, boolean])[] = [
    ["WebAssembly", typeof WebAssembly === "object" && typeof WebAssembly.compileStreaming === "function"],
    ["WebCrypto (a secure context)", typeof crypto === "object" && typeof crypto.subtle === "object"],
    ["OffscreenCanvas", typeof OffscreenCanvas === "function"],
    ["module workers", hasModuleWorkers()],
  ];
  return needs.filter(([, isHere]) => !isHere).map(([name]) => name);
}

/** X25519 in WebCrypto can only be found by trying. */
export async function missingCrypto(): Promise<readonly string[]> {
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return [];
  } catch {
    return ["X25519 in WebCrypto"];
  }
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
