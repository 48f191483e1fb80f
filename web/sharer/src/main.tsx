import { render } from "preact";
import { App } from "./app.tsx";
import { settle } from "./locale.ts";

const root = document.getElementById("root");
if (root !== null) {
  await settle({
    en: () => import("./locales/en.po"),
    de: () => import("./locales/de.po"),
    ar: () => import("./locales/ar.po"),
  });
  render(<App />, root);
}
