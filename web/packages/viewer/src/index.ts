export { open, START } from "./live.ts";
export type { Colour, Options, Session } from "./session.ts";
export type {
  Card,
  ChatLine,
  Fault,
  Level,
  Notice,
  Output,
  Phase,
  Quality,
  SessionState,
} from "./state.ts";
export { missing, missingCrypto } from "./support.ts";
