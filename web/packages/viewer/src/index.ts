export { type Binding, bindingNonce, drawBinding, issuerHost, readable } from "@handrail/protocol";
export { Bindings, type Bound } from "./bound.ts";
export { open, START } from "./live.ts";
export type { Colour, Options, Session } from "./session.ts";
export type {
  Card,
  ChatLine,
  Compliance,
  Directory,
  Fault,
  Level,
  Notice,
  Output,
  Phase,
  Quality,
  SessionState,
} from "./state.ts";
export { BrowserStore, type Store } from "./store.ts";
export { missing, missingCrypto } from "./support.ts";
