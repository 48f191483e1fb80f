import { render } from "preact";
import { App } from "./app.tsx";
import { turnTo, wished } from "./locale.ts";

const root = document.getElementById("root");
if (root !== null) {
  const scheme = localStorage.getItem("handrail.scheme");
  if (scheme === "light" || scheme === "dark") document.documentElement.setAttribute("data-scheme", scheme);
  await turnTo(wished());
  render(<App />, root);
}
