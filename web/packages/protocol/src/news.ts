import type { Bytes } from "./bytes.ts";
import type { Channel } from "./channel.ts";
import type { Control } from "./control.ts";

/** Why a record was dropped; counted, never fatal: on the way anybody can make one. */
export type Dropped =
  | "other_pair"
  | "doubled"
  | "no_key"
  | "forged"
  | "other_generation"
  | "no_room"
  | "malformed"
  | "bad_place";

/** What an end wants done, or has to tell. */
export type News =
  /** Send this record on the carrier. */
  | { readonly type: "send"; readonly channel: Channel; readonly frame: Bytes }
  | { readonly type: "message"; readonly channel: Channel; readonly message: Bytes }
  /** A control message of the peer that is not the machine's own business. */
  | { readonly type: "control"; readonly control: Control }
  /** This generation's keys seal from here on. */
  | { readonly type: "generation"; readonly generation: number }
  /** The peer has all records of the picture below this counter. */
  | { readonly type: "acknowledged"; readonly next: bigint }
  /** The other end has begun this round after a change of carrier. */
  | { readonly type: "resumed"; readonly round: number }
  /** Sharer: the helper cannot go on with the picture. */
  | { readonly type: "restart_picture" }
  /** So many records of input were given up. */
  | { readonly type: "input_given_up"; readonly records: number }
  /** A key is nearly used up. */
  | { readonly type: "keys_wear" }
  /** What was sent 60 s ago is still not acknowledged: the session is lost. */
  | { readonly type: "lost" }
  | { readonly type: "dropped"; readonly why: Dropped };

/** Why a message cannot be sent. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly why: "not_yet" | "too_long" | "worn_out";

  constructor(why: SendError["why"]) {
    const texts = {
      not_yet: "no level stands yet",
      too_long: "the message is longer than its channel takes",
      worn_out: "the key of this channel is used up",
    };
    super(texts[why]);
    this.why = why;
  }
}
