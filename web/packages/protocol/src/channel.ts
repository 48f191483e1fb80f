/** The channels of a pair (SPEC 4). */
export const Channel = {
  Handshake: 0,
  Ack: 1,
  Control: 2,
  Input: 3,
  Chat: 4,
  Picture: 5,
  Motion: 6,
  Cursor: 7,
  Pointer: 8,
  Clipboard: 9,
  File: 10,
  Elevation: 11,
} as const;

export type Channel = (typeof Channel)[keyof typeof Channel];

/** How the records of a channel are delivered. */
export type Delivery = "reliable" | "ordered" | "latest";

interface Properties {
  readonly delivery: Delivery;
  readonly priority: number;
  readonly firstCredit: number;
  readonly longestMessage: number;
}

const KIB = 1024;

const TABLE: Record<Channel, Properties> = {
  [Channel.Handshake]: row("reliable", 0, 64, 4 * KIB),
  [Channel.Ack]: row("latest", 0, 64, 4 * KIB),
  [Channel.Control]: row("reliable", 0, 64, 16 * KIB),
  [Channel.Input]: row("reliable", 1, 64, 4 * KIB),
  [Channel.Chat]: row("reliable", 3, 64, 66 * KIB),
  [Channel.Picture]: row("ordered", 4, 256, 288 * KIB),
  [Channel.Motion]: row("latest", 4, 64, 16381),
  [Channel.Cursor]: row("latest", 2, 64, 4 * KIB),
  [Channel.Pointer]: row("latest", 2, 64, 4 * KIB),
  [Channel.Clipboard]: row("reliable", 5, 64, 288 * KIB),
  [Channel.File]: row("reliable", 5, 64, 288 * KIB),
  [Channel.Elevation]: row("reliable", 0, 64, 4 * KIB),
};

function row(delivery: Delivery, priority: number, firstCreditKib: number, longestMessage: number): Properties {
  return { delivery, priority, firstCredit: firstCreditKib * KIB, longestMessage };
}

export const CHANNELS: readonly Channel[] = Object.values(Channel);

/** Channels whose records are delivered in counter order, without the handshake. */
export const IN_ORDER: readonly Channel[] = CHANNELS.filter(
  (channel) => channel !== Channel.Handshake && deliveryOf(channel) !== "latest",
);

export function channelOf(number: number): Channel | null {
  return CHANNELS.find((channel) => channel === number) ?? null;
}

export function deliveryOf(channel: Channel): Delivery {
  return TABLE[channel].delivery;
}

/** 0 goes first (SPEC 5.3). */
export function priorityOf(channel: Channel): number {
  return TABLE[channel].priority;
}

export function firstCreditOf(channel: Channel): number {
  return TABLE[channel].firstCredit;
}

export function longestMessageOf(channel: Channel): number {
  return TABLE[channel].longestMessage;
}

/** Whether records are padded to multiples of 64 bytes (SPEC 3.2). */
export function isSmall(channel: Channel): boolean {
  const large: readonly Channel[] = [Channel.Picture, Channel.Motion, Channel.Clipboard, Channel.File];
  return !large.includes(channel);
}
