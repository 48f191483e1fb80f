// People as relay messages name them: the other one of a pair, colleagues, who invites whom (SPEC 6.1).

import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";
import { MAX_INCIDENT, MAX_REASON, MAX_SUBJECT, optional, session } from "./parts.ts";

/** Bytes of a title or a company on a card, and of a colleague's name. */
const MAX_DETAIL = 200;
const MAX_PORTRAIT = 11_000;
const MAX_COLLEAGUES = 12;

const PROGRAMS = ["browser", "native"] as const;
/** Where a program comes from: a page of the relay, or an installed one. */
export type Program = (typeof PROGRAMS)[number];

/** A person, as the relay attests them. */
export interface Peer {
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
  readonly title?: string;
  readonly company?: string;
  /** A `data:` URL of an image. */
  readonly picture?: string;
  readonly program?: Program;
}

/** A person as a list of colleagues names one. */
export interface Colleague {
  readonly subject: string;
  readonly name: string;
  readonly title?: string;
}

/** What an invited helper is told before coming (SPEC 6.9). */
export interface Invitation {
  /** 32 hex digits. */
  readonly session: string;
  readonly by: Colleague;
  readonly sharer: Colleague;
  /** The invited helper takes the session over. */
  readonly hand_over: boolean;
  readonly reason?: string;
  readonly incident?: string;
  /** Seconds until it is gone. */
  readonly within: number;
}

export function peer(value: unknown): Peer {
  const from = shape.object(value);
  const program = from.get("program");
  return {
    name: shape.string(from.get("name")),
    subject: shape.string(from.get("subject")),
    issuer: shape.string(from.get("issuer")),
    ...optional("title", shape.stringIfAny(from.get("title"), MAX_DETAIL)),
    ...optional("company", shape.stringIfAny(from.get("company"), MAX_DETAIL)),
    ...optional("picture", image(from.get("picture"))),
    ...(program === undefined || program === null ? {} : { program: shape.oneOf(program, PROGRAMS) }),
  };
}

export function colleague(value: unknown): Colleague {
  const from = shape.object(value);
  return {
    subject: shape.string(from.get("subject"), MAX_SUBJECT),
    name: shape.string(from.get("name"), MAX_DETAIL),
    ...optional("title", shape.stringIfAny(from.get("title"), MAX_DETAIL)),
  };
}

export function colleagues(value: unknown): Colleague[] {
  return shape.list(value, MAX_COLLEAGUES).map(colleague);
}

export function invitation(from: shape.Members): Invitation {
  return {
    session: session(from),
    by: colleague(from.get("by")),
    sharer: colleague(from.get("sharer")),
    hand_over: shape.boolean(from.get("hand_over")),
    ...optional("reason", shape.stringIfAny(from.get("reason"), MAX_REASON)),
    ...optional("incident", shape.stringIfAny(from.get("incident"), MAX_INCIDENT)),
    within: shape.integer(from.get("within"), shape.U32),
  };
}

/** A `data:` URL of a bitmap: nothing that could hold a script or ask the network. */
function image(value: unknown): string | undefined {
  const url = shape.stringIfAny(value, MAX_PORTRAIT);
  if (url !== undefined && !/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(url)) {
    throw Malformed.message();
  }
  return url;
}
