export { type Binding, bindingNonce, drawBinding, issuerHost, readable } from "@handrail/protocol";
export { Bindings, type Bound } from "./bound.ts";
export { open, START } from "./live.ts";
export type { Accepted, Colour, Options, Session } from "./session.ts";
export type {
  Card,
  ChatLine,
  Colleague,
  Compliance,
  Directory,
  Fault,
  Helper,
  Invitation,
  Level,
  Notice,
  Output,
  Phase,
  Quality,
  Search,
  SessionState,
} from "./state.ts";
export { BrowserStore, type Store } from "./store.ts";
export { missing, missingCrypto } from "./support.ts";
