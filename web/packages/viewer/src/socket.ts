// What carries frames below a carrier, one after the other and whole: a WebSocket (SPEC 2.1), a session of WebTransport (SPEC 2.5).

import type { Bytes } from "@handrail/protocol";

/** What carries. */
export type Kind = "wss" | "webtransport";

/** Why it is WebSocket: the browser has nothing else, nothing answered by UDP in time, or what answered could not be used. */
export type Instead = "missing" | "silent" | "refused";

export interface Socket {
  /** Bytes that were sent and wait in the browser. */
  readonly bufferedAmount: number;
  send(frame: Bytes): void;
  /** Without a code what was sent arrives first, and the line ends. */
  close(code?: number): void;
}

/** Whom a socket tells; never before its maker has it. */
export interface Heard {
  opened(kind: Kind, instead: Instead | null): void;
  message(data: unknown): void;
  /** Told once, also of one that never stood. */
  closed(isOrderly: boolean): void;
}

export type Dial = (heard: Heard) => Socket;

/** Ends the carrier, not the line. */
export const LEFT = 4000;

export function webSocket(address: string): Dial {
  return (heard) => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => heard.opened("wss", null);
    socket.onmessage = (event) => heard.message(event.data);
    socket.onclose = (event) => heard.closed(event.wasClean);
    return socket;
  };
}
