import { Bindings, BrowserStore } from "@handrail/viewer/end";

/** The keys of this browser's sign-in. */
export const bindings = new Bindings(new BrowserStore("bindings"));
