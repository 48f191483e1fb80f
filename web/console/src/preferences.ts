import { useSyncExternalStore } from "react";
import { chooseLocale, isLocale, type Locale, turnTo } from "./locale.ts";

export type Scheme = "system" | "light" | "dark";

const LOCALE = "handrail.locale";
const SCHEME = "handrail.scheme";

/** What a person chose for this browser: the language and the colours. */
class Preferences {
  readonly #listeners = new Set<() => void>();
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #scheme = schemeOf(localStorage.getItem(SCHEME));

  constructor() {
    this.#mark();
    this.#dark.addEventListener("change", () => this.#tell());
  }

  get locale(): Locale {
    const kept = localStorage.getItem(LOCALE);
    return isLocale(kept) ? kept : chooseLocale(navigator.languages);
  }

  get scheme(): Scheme {
    return this.#scheme;
  }

  get isDark(): boolean {
    return this.#scheme === "dark" || (this.#scheme === "system" && this.#dark.matches);
  }

  async chooseLocale(locale: Locale): Promise<void> {
    await turnTo(locale);
    localStorage.setItem(LOCALE, locale);
  }

  chooseScheme(scheme: string): void {
    this.#scheme = schemeOf(scheme);
    localStorage.setItem(SCHEME, this.#scheme);
    this.#mark();
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #mark(): void {
    document.documentElement.setAttribute("data-scheme", this.#scheme);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const preferences = new Preferences();

export function useScheme(): Scheme {
  return useSyncExternalStore(preferences.subscribe, () => preferences.scheme);
}

export function useIsDark(): boolean {
  return useSyncExternalStore(preferences.subscribe, () => preferences.isDark);
}

function schemeOf(word: string | null): Scheme {
  return word === "light" || word === "dark" ? word : "system";
}
