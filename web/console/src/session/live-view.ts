import type { Colour } from "@handrail/viewer";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useState } from "react";

/** How the picture stands in the page. */
export type Size = "fit" | "actual";

export const COLOURS: { readonly [name: string]: { readonly colour: Colour; readonly label: MessageDescriptor } } = {
  red: { colour: { red: 230, green: 30, blue: 40 }, label: msg`Red` },
  green: { colour: { red: 20, green: 160, blue: 60 }, label: msg`Green` },
  blue: { colour: { red: 30, green: 100, blue: 240 }, label: msg`Blue` },
  yellow: { colour: { red: 250, green: 200, blue: 0 }, label: msg`Yellow` },
};

/** What the person chose for looking at a session. */
export function useLiveView() {
  const [size, setSize] = useState<Size>("fit");
  const [isLaser, setLaser] = useState(false);
  const [colour, setColour] = useState("red");
  const [isChat, setChat] = useState(false);
  const laser = isLaser ? (COLOURS[colour]?.colour ?? null) : null;
  return { size, setSize, isLaser, setLaser, colour, setColour, isChat, setChat, laser };
}

export type LiveView = ReturnType<typeof useLiveView>;

/** Full screen, with the keys that the browser otherwise keeps where it lends them; or back. */
export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement !== null) return document.exitFullscreen();
  await document.documentElement.requestFullscreen();
  const keyboard: unknown = Reflect.get(navigator, "keyboard");
  if (canLock(keyboard)) await keyboard.lock().catch(() => {});
}

function canLock(keyboard: unknown): keyboard is { lock(): Promise<void> } {
  return typeof keyboard === "object" && keyboard !== null && "lock" in keyboard;
}
