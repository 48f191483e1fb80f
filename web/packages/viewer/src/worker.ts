// The worker of a session: joins page, socket, session machine and canvas. Nothing is decided here.

import { type FaultName, fault } from "@handrail/protocol";
import type { Loss } from "./carrier.ts";
import { HelperSession } from "./helper.ts";
import { Line } from "./line.ts";
import { Painter } from "./painter.ts";
import { Picture } from "./picture.ts";
import { PinError } from "./pin.ts";
import type { Order, Told } from "./port.ts";
import { relayAt } from "./race.ts";
import type { Trust } from "./trust.ts";
import { findTrust } from "./trusting.ts";
import { CanvasView } from "./view.ts";

const CLIENT = "handrail-console 0.1.0";
/** Milliseconds between figures for the page. */
const FIGURES = 1000;
/** Milliseconds: what stays due, because it cannot be sent, must not keep the worker busy. */
const LEAST_WAIT = 5;

const module = WebAssembly.compileStreaming(fetch(new URL("../../../decoder/picture.wasm", import.meta.url)));

const LOST: Record<Loss, FaultName> = {
  protocol: "Protocol",
  broken: "RelayLost",
  silent: "RelayLost",
  closed: "RelayLost",
};

interface Running {
  readonly session: HelperSession;
  readonly painter: Painter;
  readonly view: CanvasView;
}

let running: Running | null = null;
/** A canvas that came before the ticket. */
let canvas: OffscreenCanvas | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function tell(told: Told): void {
  self.postMessage(told);
}

function open(order: Extract<Order, { do: "open" }>, decoder: WebAssembly.Module, trust: Trust): Running {
  const now = () => performance.timeOrigin - order.origin + performance.now();
  const picture = new Picture(decoder);
  const painter = new Painter(picture);
  const view = new CanvasView(picture, painter, now);
  let isOpen = false;
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
  const session = new HelperSession({
    ...{ carrier, view, trust, now, client: CLIENT },
    ...(order.reason !== undefined && { reason: order.reason }),
    ...(order.incident !== undefined && { incident: order.incident }),
    ...(order.invitation !== undefined && { invitation: order.invitation }),
    tell: (change) => {
      tell({ told: "state", change });
      if (change.phase === "ended") stop();
    },
    painted: (update) => tell({ told: "painted", update }),
  });
  const figures = setInterval(() => {
    tell({ told: "state", change: { quality: view.quality.shown(now(), carrier) } });
  }, FIGURES);
  const arm = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        session.handleTimeout();
        arm();
      },
      Math.max(LEAST_WAIT, session.pollTimeout() - now()),
    );
  };
  const stop = () => {
    clearInterval(figures);
    clearTimeout(timer);
  };
  rearm = arm;
  arm();
  return { session, painter, view };
}

let rearm = () => {};

/** Nobody can be verified: no session begins. */
function untrusted(error: unknown): null {
  const name = error instanceof PinError ? error.fault : "RelayUnreachable";
  tell({ told: "state", change: { phase: "ended", end: { fault: fault(name) } } });
  return null;
}

async function obey(order: Order): Promise<void> {
  if (order.do === "open") {
    const trust = await findTrust(new URL(order.connect).host, "helper").catch(untrusted);
    if (trust === null) return;
    running = open(order, await module, trust);
    if (canvas !== null) running.painter.attach(canvas);
    return;
  }
  if (order.do === "attach") canvas = order.canvas;
  if (running === null) return;
  const { session, painter, view } = running;
  switch (order.do) {
    case "attach":
      return painter.attach(order.canvas);
    case "ask":
      session.ask(order.level);
      break;
    case "acknowledge":
      session.acknowledge();
      break;
    case "act":
      session.act(order.events, order.at);
      break;
    case "laser":
      session.laser(order.place);
      break;
    case "show_output":
      session.showOutput(order.output);
      break;
    case "chat":
      session.chat(order.text);
      break;
    case "find_colleagues":
      session.findColleagues(order.search);
      break;
    case "invite":
      session.invite(order.colleague, order.handOver);
      break;
    case "uninvite":
      session.uninvite(order.subject);
      break;
    case "seen":
      return view.seen(order.update, order.at);
    case "hash":
      return tell({ told: "hash", serial: order.serial, hash: await view.hash() });
    case "leave":
      session.leave();
      break;
  }
  rearm();
}

let orders = Promise.resolve();
self.onmessage = (event: MessageEvent<Order>) => {
  orders = orders
    .then(() => obey(event.data))
    .catch((error: unknown) => {
      tell({ told: "state", change: { phase: "ended", end: { fault: fault("PictureBroken") } } });
      throw error;
    });
};
