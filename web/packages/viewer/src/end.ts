// What an end needs in a browser, whichever side of a session it is: sign-in, trust, carrier, sealed records, cards, chat.

export { Bindings, type Bound } from "./bound.ts";
export { cardOf, isSame, line } from "./card.ts";
export type { Loss } from "./carrier.ts";
export { Line } from "./line.ts";
export type { Carrier as FrameCarrier } from "./parts.ts";
export { PinError } from "./pin.ts";
export { Provider } from "./provider.ts";
export { relayAt } from "./race.ts";
export { failedBy, told } from "./reason.ts";
export { Sealed } from "./sealed.ts";
export type { Card, ChatLine, Directory, Fault } from "./state.ts";
export { BrowserStore, type Store } from "./store.ts";
export { Thread } from "./thread.ts";
export { BoundTrust, type SharerTrust } from "./trust.ts";
export { findTrust } from "./trusting.ts";
