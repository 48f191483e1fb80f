// What people read of a step.

import { t } from "@lingui/core/macro";
import type { Code, Finding, Name, State } from "./finding.ts";

export function title(name: Name): string {
  switch (name) {
    case "secure":
      return t`Encrypted page`;
    case "https":
      return t`Way to the relay`;
    case "socket":
      return t`WebSocket`;
    case "transport":
      return t`WebTransport`;
    case "see":
      return t`See a shared screen`;
    case "share":
      return t`Share this screen`;
    case "clock":
      return t`Clock`;
    case "signIn":
      return t`Sign-in service`;
  }
}

export function word(state: State | "running"): string {
  switch (state) {
    case "good":
      return t`Works`;
    case "look":
      return t`Have a look`;
    case "bad":
      return t`Does not work`;
    case "running":
      return t`Being tested`;
  }
}

/** One sentence of what was found. */
export function found({ code, value }: Finding): string {
  switch (code) {
    case "secure":
      return t`The page came encrypted, and this browser trusts its certificate.`;
    case "insecure":
      return t`The page did not come encrypted.`;
    case "https":
      return t`The relay answers (${value}).`;
    case "noRelay":
      return t`The relay does not answer.`;
    case "socket":
      return t`A session can be carried: ${value} ms there and back.`;
    case "socketRefused":
      return t`The WebSocket of a session is not let through.`;
    case "socketSilent":
      return t`A WebSocket opens, and nothing comes back on it.`;
    case "transport":
      return t`UDP gets through: a session by WebTransport stood after ${value} ms.`;
    case "noTransport":
      return t`This browser has no WebTransport: it uses WebSocket.`;
    case "transportSilent":
      return t`Nothing answers by UDP: sessions go by WebSocket.`;
    case "transportRefused":
      return t`WebTransport could not be used: sessions go by WebSocket.`;
    case "seesAll":
      return t`This browser shows every screen (${value}).`;
    case "seesSome":
      return t`This browser shows screens that were shared from a browser only by ${value}.`;
    case "seesNone":
      return t`This browser cannot show a screen that was shared from a browser.`;
    case "shares":
      return t`This browser can share a screen (${value}).`;
    case "noCapture":
      return t`This browser cannot share a screen.`;
    case "noEncoder":
      return t`This browser cannot send a picture of a screen.`;
    case "clock":
      return t`The clock of this computer is right (${value} s from the relay's).`;
    case "clockOff":
      return t`The clock of this computer is ${value} s away from the relay's.`;
    case "clockUnknown":
      return t`The relay did not tell its time.`;
    case "signIn":
      return t`The sign-in service answers (${value}).`;
    case "noSignIn":
      return t`The sign-in service does not answer (${value}).`;
    case "broken":
      return t`The test itself failed: ${value}`;
  }
}

/** What to do about it, if anything. */
export function remedy(code: Code): string | null {
  switch (code) {
    case "insecure":
      return t`Open this page by its https address.`;
    case "noRelay":
      return t`Look at the network. If other pages open, tell your administrator that the relay does not answer.`;
    case "socketRefused":
    case "socketSilent":
      return t`A proxy or a firewall is in the way: ask whoever runs the network to let WebSocket through for this address.`;
    case "noTransport":
      return t`Nothing has to be done; a current browser may be faster on bad lines.`;
    case "transportSilent":
      return t`For bad lines, ask whoever runs the network to let UDP through to the port of this address.`;
    case "transportRefused":
      return t`Nothing has to be done. Browsers take only certificates of well-known authorities for it, and the relay may have UDP turned off.`;
    case "seesSome":
    case "seesNone":
      return t`Use a current version of Chromium, Edge, Firefox or Safari.`;
    case "noCapture":
    case "noEncoder":
      return t`To share, use a current browser on a computer, or the Handrail program. Helping works without it.`;
    case "clockOff":
      return t`Set the clock of this computer: signing in fails without it.`;
    case "clockUnknown":
      return t`Run the test again.`;
    case "noSignIn":
      return t`Ask whoever runs the network to let this address through; if it is, your administrator has to look at the sign-in service.`;
    case "broken":
      return t`Copy the report and send it to your administrator.`;
    case "secure":
    case "https":
    case "socket":
    case "transport":
    case "seesAll":
    case "shares":
    case "clock":
    case "signIn":
      return null;
  }
}
