export { type Options, Sharing } from "./live.ts";
export { type Dot, type Helper, type Notice, type Phase, type Question, type SharerState, START } from "./state.ts";
export { missing } from "./support.ts";
