export { bindings } from "./bindings.ts";
export { type Asking, begin, finish, ownPath, redirectUri, SignInError, type Trouble } from "./flow.ts";
export { forgetPerson, lastPerson, rememberPerson, type Who } from "./pending.ts";
export { ask, RefusedError, refusal, unreachable } from "./relay.ts";
