// Who the other person is, for the screen: what was verified, and apart from it what only the relay says.

import { type Identity, type Peer, readable } from "@handrail/protocol";
import type { Card, Directory } from "./state.ts";

/** Whether the relay names the person who was verified. */
export function isSame(sharer: Identity, peer: Peer): boolean {
  return sharer.subject === peer.subject && sharer.issuer === peer.issuer;
}

export function cardOf(sharer: Identity, peer: Peer, domain: string): Card {
  const { name, subject, issuer, title, company, program } = sharer;
  return {
    ...{ name: line(name), subject: line(subject), issuer: line(issuer), domain: line(domain), program },
    ...(title !== null && { title }),
    ...(company !== null && { company }),
    directory: directoryOf(sharer, peer),
  };
}

/** A text of others that stands in a line of ours. */
export function line(text: string): string {
  return readable(text) ?? "–";
}

/** What the relay says and the sign-in service does not. */
function directoryOf(sharer: Identity, peer: Peer): Directory {
  const only = (said: string | undefined, verified: string | null) => {
    const text = said === undefined ? null : readable(said);
    return text === verified ? null : text;
  };
  const [name, title] = [only(peer.name, sharer.name), only(peer.title, sharer.title)];
  const company = only(peer.company, sharer.company);
  return {
    ...(name !== null && { name }),
    ...(title !== null && { title }),
    ...(company !== null && { company }),
    ...(peer.picture !== undefined && { picture: peer.picture }),
  };
}
