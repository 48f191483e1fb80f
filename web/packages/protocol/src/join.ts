import { type Bytes, concat } from "./bytes.ts";
import { type Channel, deliveryOf, longestMessageOf } from "./channel.ts";
import { unpad } from "./padding.ts";
import { Malformed } from "./reader.ts";

/** Joins fragments to messages (SPEC 3.1). */
export class Joiner {
  readonly #partial = new Map<Channel, { parts: Bytes[]; length: number }>();

  /** The message that is whole with this record, or null. */
  whole(channel: Channel, text: Bytes): Bytes | null {
    const { fragment, more } = unpad(text);
    const partial = this.#partial.get(channel) ?? { parts: [], length: 0 };
    const isAlone = partial.parts.length === 0 && !more;
    partial.length += fragment.length;
    const joins = deliveryOf(channel) !== "latest";
    if (partial.length > longestMessageOf(channel) || (!joins && !isAlone)) throw Malformed.tooLong(partial.length);
    if (isAlone) return fragment;
    partial.parts.push(fragment);
    if (more) {
      this.#partial.set(channel, partial);
      return null;
    }
    this.#partial.delete(channel);
    return concat(...partial.parts);
  }

  /** What came so far means nothing. */
  clear(channel: Channel): void {
    this.#partial.delete(channel);
  }
}
