import type { Colour, Session } from "@handrail/viewer";
import { pixelAt, Turns } from "./place.ts";
import { type Shortcut, shortcutOf } from "./shortcut.ts";

/** What the grab tells the page. */
export interface Told {
  shortcut(shortcut: Shortcut): void;
  /** The canvas has the keyboard, or has it no longer. */
  gripped(has: boolean): void;
}

/** Keyboard and mouse over the picture. With full control they are those of the other computer. */
export class Grab {
  /** The laser pointer follows the mouse in this colour; null is off. */
  laser: Colour | null = null;
  readonly #canvas: HTMLCanvasElement;
  readonly #session: Session;
  readonly #told: Told;
  readonly #over = new AbortController();
  readonly #turns = new Turns();

  constructor(canvas: HTMLCanvasElement, session: Session, told: Told) {
    this.#canvas = canvas;
    this.#session = session;
    this.#told = told;
    this.#listen();
  }

  /** Lets everything go. */
  end(): void {
    this.#release();
    this.#over.abort();
  }

  get #isControl(): boolean {
    return this.#session.state.level !== null && this.#session.state.level !== "view";
  }

  #listen(): void {
    const { signal } = this.#over;
    const canvas = this.#canvas;
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    canvas.addEventListener("pointerleave", () => this.#hideLaser(), { signal });
    canvas.addEventListener("pointerdown", (event) => this.#hold(event), { signal });
    // Only mouse events tell of a second button while a first one is held.
    canvas.addEventListener("mousedown", (event) => this.#button(event, true), { signal });
    canvas.addEventListener("mouseup", (event) => this.#button(event, false), { signal });
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener("contextmenu", (event) => this.#isControl && event.preventDefault(), { signal });
    canvas.addEventListener("pointercancel", () => this.#release(), { signal });
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    canvas.addEventListener("keyup", (event) => this.#key(event), { signal });
    canvas.addEventListener("focus", () => this.#told.gripped(true), { signal });
    canvas.addEventListener("blur", () => this.#blur(), { signal });
    window.addEventListener("blur", () => this.#release(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.#release(), { signal });
    window.addEventListener("keydown", (event) => this.#shortcut(event), { signal, capture: true });
  }

  #move(event: PointerEvent): void {
    const picture = this.#session.state.picture;
    if (picture === null) return;
    const { x, y } = pixelAt(event, this.#canvas.getBoundingClientRect(), picture);
    if (this.#isControl) this.#session.pointer(x, y);
    if (this.laser !== null) this.#session.laser({ x, y }, this.laser);
  }

  #hideLaser(): void {
    if (this.laser !== null) this.#session.laser(null, this.laser);
  }

  /** A button that is let go outside the picture is still heard of. */
  #hold(event: PointerEvent): void {
    if (this.#isControl) this.#canvas.setPointerCapture(event.pointerId);
    this.#move(event);
  }

  #button(event: MouseEvent, down: boolean): void {
    if (!this.#isControl) return;
    event.preventDefault();
    if (down) this.#canvas.focus({ preventScroll: true });
    this.#session.button(event.button, down);
  }

  #wheel(event: WheelEvent): void {
    if (!this.#isControl) return;
    event.preventDefault();
    const { dx, dy } = this.#turns.add(event);
    if (dx !== 0 || dy !== 0) this.#session.wheel(dx, dy);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#isControl || !this.#session.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #shortcut(event: KeyboardEvent): void {
    const shortcut = shortcutOf(event);
    if (shortcut === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Control and Alt went down over there before it was clear whom they belong to.
    this.#release();
    if (!event.repeat) this.#told.shortcut(shortcut);
  }

  #blur(): void {
    this.#release();
    this.#told.gripped(false);
  }

  #release(): void {
    if (this.#isControl) this.#session.releaseAll();
  }
}
