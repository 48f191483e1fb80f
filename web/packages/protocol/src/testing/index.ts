export { drawSharer, Sharer, type Waiting } from "../handshake/sharer.ts";
export { BUNDLE, Person, TestIssuer } from "./issuer.ts";
export { established, NativeSharerEnd } from "./sharer.ts";
