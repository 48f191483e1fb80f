export { BUNDLE, Person, TestIssuer } from "./issuer.ts";
export { drawSharer, established, Sharer, SharerEnd, type Waiting } from "./sharer.ts";
