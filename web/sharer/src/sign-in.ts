// From whoever opens the page to a person who is signed in, with keys of this browser that the sign-in is bound to.

import { ask, begin, bindings, finish, RefusedError } from "@handrail/sign-in";

export const HERE = "/s";

export interface Person {
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
}

/** Who is here. Leaves the page for the sign-in service if nobody is. */
export async function arrive(): Promise<Person> {
  if (location.pathname === "/signed-in") {
    const query = new URLSearchParams(location.search);
    history.replaceState(null, "", HERE);
    return (await finish<Person>(query)).me;
  }
  try {
    const me = await ask<Person>("GET", "/api/v1/me");
    const bound = await bindings.current();
    if (bound?.subject === me.subject && bound.issuer === me.issuer) return me;
    return leave("silent");
  } catch (error) {
    if (error instanceof RefusedError && error.status === 401) return leave("usual");
    throw error;
  }
}

/** Another person wants to share. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "/api/v1/sign-in").catch(() => {});
  await bindings.forget();
  await begin(HERE, "choose");
}

/** A one-time ticket for a session. */
export async function ticket(): Promise<string> {
  return (await ask<{ readonly ticket: string }>("POST", "/api/v1/tickets")).ticket;
}

async function leave(asking: "silent" | "usual"): Promise<never> {
  await begin(HERE, asking);
  return new Promise<never>(() => {});
}
