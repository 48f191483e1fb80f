import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { turnTo } from "./locale.ts";
import { preferences } from "./preferences.ts";

const root = document.getElementById("root");
if (root !== null) {
  await turnTo(preferences.locale);
  createRoot(root).render(<App />);
}
