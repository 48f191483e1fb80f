// Generations of keys: how one begins, and how long the keys of the last one live (SPEC 9.2).

import type { Bytes } from "./bytes.ts";
import { CHANNELS, Channel, IN_ORDER } from "./channel.ts";
import type { Start } from "./control.ts";
import { RecordKey, type Secret } from "./keys.ts";
import type { Role } from "./message/parts.ts";

/** Milliseconds that opening keys outlive their generation. */
const OLD_KEYS = 60_000;

/** The first counter of each channel in a generation. */
export type Counters = ReadonlyMap<Channel, bigint>;

interface Opening {
  readonly keys: ReadonlyMap<Channel, RecordKey>;
  /** When they are forgotten at the latest; null while the generation is the newest. */
  retire: number | null;
}

/** The keys that this end seals and opens with. */
export class Generations {
  readonly #role: Role;
  readonly #hash: Bytes;
  readonly #opensInput: boolean;
  #number = 0;
  #sealing: ReadonlyMap<Channel, RecordKey>;
  #sealingSince: Counters = new Map();
  readonly #opening = new Map<number, Opening>();
  #peerStarts: { readonly generation: number; readonly counters: Counters } | null = null;

  /** Generation 0: control and its acknowledgements, with the keys of the handshake. */
  constructor(role: Role, hash: Bytes, secret: Promise<Secret>, opensInput: boolean) {
    this.#role = role;
    this.#hash = hash;
    this.#opensInput = opensInput;
    const channels = [Channel.Ack, Channel.Control];
    this.#sealing = this.#derive(secret, role, 0, channels);
    this.#opening.set(0, { keys: this.#derive(secret, this.peer, 0, channels), retire: null });
  }

  get peer(): Role {
    return this.#role === "helper" ? "sharer" : "helper";
  }

  /** The generation that this end seals with. */
  get number(): number {
    return this.#number;
  }

  sealing(channel: Channel): RecordKey | null {
    return this.#sealing.get(channel) ?? null;
  }

  /** Where this generation began to seal on a channel. */
  sealingSince(channel: Channel): bigint {
    return this.#sealingSince.get(channel) ?? 0n;
  }

  opening(generation: number, channel: Channel): RecordKey | null {
    return this.#opening.get(generation)?.keys.get(channel) ?? null;
  }

  /** Seals and opens with a new generation from here on. `since`: the next counter of each channel. */
  install(generation: number, secret: Promise<Secret>, since: Counters, now: number): void {
    const channels = CHANNELS.filter((channel) => channel !== Channel.Handshake);
    for (const opening of this.#opening.values()) opening.retire ??= now + OLD_KEYS;
    this.#sealing = this.#derive(secret, this.#role, generation, channels);
    this.#sealingSince = since;
    const opened = channels.filter((channel) => channel !== Channel.Input || this.#opensInput);
    this.#opening.set(generation, { keys: this.#derive(secret, this.peer, generation, opened), retire: null });
    this.#number = generation;
  }

  /** Where the peer says that its generation begins. */
  noteStarts(generation: number, starts: readonly Start[]): void {
    if (this.#peerStarts !== null && generation <= this.#peerStarts.generation) return;
    const counters = new Map<Channel, bigint>();
    for (const channel of CHANNELS) {
      const start = starts.find((other) => other.channel === channel);
      counters.set(channel, BigInt(start?.counter ?? 0));
    }
    this.#peerStarts = { generation, counters };
  }

  /** Whether a counter belongs to another generation than the record says. */
  mislabelled(channel: Channel, generation: number, counter: bigint): boolean {
    if (this.#peerStarts === null || !IN_ORDER.includes(channel)) return false;
    const newest = this.#peerStarts.generation;
    const start = this.#peerStarts.counters.get(channel) ?? 0n;
    return (generation < newest && counter >= start) || (generation === newest && counter < start);
  }

  /** Forgets the keys whose time is over. */
  retire(now: number): void {
    for (const [generation, { retire }] of this.#opening) {
      if (retire !== null && now >= retire) this.#opening.delete(generation);
    }
  }

  /** When keys have to be forgotten next. */
  get nextRetirement(): number | null {
    const deadlines = [...this.#opening.values()].map(({ retire }) => retire).filter((at) => at !== null);
    return deadlines.length > 0 ? Math.min(...deadlines) : null;
  }

  #derive(
    secret: Promise<Secret>,
    sender: Role,
    generation: number,
    channels: readonly Channel[],
  ): ReadonlyMap<Channel, RecordKey> {
    const key = (channel: Channel) => new RecordKey(secret, { hash: this.#hash, sender, channel, generation });
    return new Map(channels.map((channel) => [channel, key(channel)]));
  }
}
