// The worker of a session: joins page, socket, session machine and encoder. Nothing is decided here.

import { type FaultName, fault } from "@handrail/protocol";
import { BrowserStore, findTrust, Line, type Loss, PinError, relayAt, type SharerTrust } from "@handrail/viewer/end";
import { Broadcast } from "./broadcast.ts";
import { framesOf } from "./capture.ts";
import { VideoCoder } from "./coder.ts";
import { Contacts } from "./contacts.ts";
import type { Order, Told } from "./port.ts";
import { SharerSession } from "./session.ts";

const CLIENT = "handrail-share-page 0.1.0";
/** Milliseconds: what stays due, because it cannot be sent, must not keep the worker busy. */
const LEAST_WAIT = 5;

const LOST: Record<Loss, FaultName> = {
  protocol: "Protocol",
  broken: "RelayLost",
  silent: "RelayLost",
  closed: "RelayLost",
};

interface Running {
  readonly session: SharerSession;
  readonly broadcast: Broadcast<VideoFrame>;
  readonly arm: () => void;
}

let running: Running | null = null;

function tell(told: Told): void {
  self.postMessage(told);
}

function open(order: Extract<Order, { do: "open" }>, trust: SharerTrust): Running {
  const now = () => performance.timeOrigin - order.origin + performance.now();
  let isOpen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const carrier = new Line(
    relayAt(order.connect),
    {
      opened: () => {
        isOpen = true;
        session.hello(order.ticket);
      },
      frame: (frame) => {
        session.handleFrame(frame);
        void session.settled().then(arm);
      },
      away: () => session.carrierLost(),
      back: () => session.carrierChanged(),
      lost: (why) => session.lost(isOpen ? LOST[why] : "RelayUnreachable"),
    },
    now,
  );
  const session = new SharerSession({
    ...{ carrier, trust, now, client: CLIENT },
    contacts: new Contacts(new BrowserStore("contacts")),
    tell: (change) => {
      tell({ told: "state", change });
      if (change.phase === "ended") stop();
    },
    wake: () => broadcast.wake(),
  });
  const coder = new VideoCoder(
    (frame) => broadcast.coded(frame),
    () => session.unable("DisplayUnfit"),
  );
  const broadcast = new Broadcast<VideoFrame>(session, coder);
  const arm = () => {
    clearTimeout(timer);
    const due = () => {
      session.handleTimeout();
      arm();
    };
    timer = setTimeout(due, Math.max(LEAST_WAIT, session.pollTimeout() - now()));
  };
  const stop = () => {
    clearTimeout(timer);
    broadcast.stop();
    coder.stop();
  };
  arm();
  return { session, broadcast, arm };
}

/** Nobody can be verified: no session begins. */
function untrusted(error: unknown): null {
  const name = error instanceof PinError ? error.fault : "RelayUnreachable";
  tell({ told: "state", change: { phase: "ended", end: { fault: fault(name) } } });
  return null;
}

async function watch(frames: ReadableStream<VideoFrame>, broadcast: Broadcast<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return;
    broadcast.take(value);
  }
}

async function obey(order: Order): Promise<void> {
  if (order.do === "open") {
    const trust = await findTrust(new URL(order.connect).host, "sharer").catch(untrusted);
    if (trust !== null) running = open(order, trust);
    return;
  }
  if (running === null) return;
  const { session, broadcast, arm } = running;
  switch (order.do) {
    case "frames":
      void watch(order.frames, broadcast);
      return;
    case "track": {
      const frames = framesOf(self, order.track);
      if (frames === null) session.unable("DisplayUnfit");
      else void watch(frames, broadcast);
      return;
    }
    case "frame":
      broadcast.take(order.frame);
      return;
    case "join":
      session.join(order.code);
      break;
    case "allow":
      session.allow(order.pair, order.shown);
      break;
    case "decline":
      session.decline(order.pair);
      break;
    case "pause":
      session.pause(order.on);
      break;
    case "chat":
      session.chat(order.text);
      break;
    case "dismiss":
      session.dismiss(order.pair);
      break;
    case "report":
      session.report(order.pair);
      break;
    case "unable":
      session.unable("NothingShared");
      break;
    case "leave":
      session.leave();
      break;
  }
  void session.settled().then(arm);
}

let orders = Promise.resolve();
self.onmessage = (event: MessageEvent<Order>) => {
  orders = orders.then(() => obey(event.data));
};
