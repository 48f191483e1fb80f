// The secret of a one-time link, `/first#SECRET` (PRODUCT 11.1).
//
// INVARIANT: it is in the address bar until the first script ran, then in the storage of this tab alone. No state of the page, no
// address, no log and no Referer holds it.

const KEY = "handrail.first";
const PATH = "/first";

/** Takes the secret out of the address bar, now and whenever such a link is opened in this tab. Before the router reads the address. */
export function hideSecrets(): void {
  hide();
  // Before the router's own: it would read the address first.
  window.addEventListener("popstate", hide);
  window.addEventListener("hashchange", hide);
}

function hide(): void {
  const { pathname, hash } = location;
  if (pathname !== PATH || hash.length < 2) return;
  sessionStorage.setItem(KEY, hash.slice(1));
  history.replaceState(history.state, "", PATH);
  window.dispatchEvent(new Event(KEY));
}

/** Whether this tab was opened by such a link. */
export function hasSecret(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

/** Calls back when another link is opened in this tab. */
export function onSecret(listener: () => void): () => void {
  window.addEventListener(KEY, listener);
  return () => window.removeEventListener(KEY, listener);
}

/** The secret, for the one request that uses it up. */
export function readSecret(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

export function forgetSecret(): void {
  sessionStorage.removeItem(KEY);
}
