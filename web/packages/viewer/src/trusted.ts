// The page enforces Trusted Types: a script's address has to come from a policy. This one knows a single script.

interface Factory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): { toString(): string } };
}

let policy: ReturnType<Factory["createPolicy"]> | null = null;

/** Trusted Types of this browser, if it has them. */
function factory(scope: object): Factory | null {
  return hasTypes(scope) ? scope.trustedTypes : null;
}

function hasTypes(scope: object): scope is { readonly trustedTypes: Factory } {
  return "trustedTypes" in scope && scope.trustedTypes !== undefined;
}

/**
 * A worker of our own origin. It bears the name of the browser's class because bundlers look for the words
 * `new Worker(new URL(…, import.meta.url))`.
 */
class OwnWorker extends globalThis.Worker {
  constructor(url: URL, options: WorkerOptions) {
    super(trusted(url), options);
  }
}

export { OwnWorker as Worker };

function trusted(url: URL): string {
  if (url.origin !== location.origin) throw new TypeError("a worker of another origin");
  policy ??= factory(globalThis)?.createPolicy("handrail", { createScriptURL: (address) => address }) ?? null;
  if (policy === null) return url.href;
  // `lib.dom` does not know Trusted Types: for it a TrustedScriptURL is a text.
  const address: unknown = policy.createScriptURL(url.href);
  return address as string;
}
