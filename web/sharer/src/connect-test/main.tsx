import { render } from "preact";
import { settle } from "../locale.ts";
import { ConnectTest } from "./page.tsx";

const root = document.getElementById("root");
if (root !== null) {
  await settle({
    en: () => import("./locales/connect-test-en.po"),
    de: () => import("./locales/connect-test-de.po"),
    ar: () => import("./locales/connect-test-ar.po"),
  });
  render(<ConnectTest />, root);
}
