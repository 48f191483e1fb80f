import { i18n, type Messages } from "@lingui/core";

/** The languages of the console, each by its own name. */
export const LOCALES = { en: "English", de: "Deutsch", ar: "العربية" } as const;

export type Locale = keyof typeof LOCALES;

type Catalogue = Record<Locale, () => Promise<{ messages: Messages }>>;

const MESSAGES: Catalogue = {
  en: () => import("./locales/en/messages.po"),
  de: () => import("./locales/de/messages.po"),
  ar: () => import("./locales/ar/messages.po"),
};

const ADMINISTRATION: Catalogue = {
  en: () => import("./locales/en/administration.po"),
  de: () => import("./locales/de/administration.po"),
  ar: () => import("./locales/ar/administration.po"),
};

/** Those that the page needs so far. */
const needed = new Set([MESSAGES]);

export function isLocale(word: unknown): word is Locale {
  return typeof word === "string" && word in LOCALES;
}

/** The first of the wished languages that there is. */
export function chooseLocale(wished: readonly string[]): Locale {
  const known = wished.map((wish) => wish.split("-")[0]?.toLowerCase()).find(isLocale);
  return known ?? "en";
}

export function directionOf(locale: string): "ltr" | "rtl" {
  return locale === "ar" ? "rtl" : "ltr";
}

/** Fetches the texts of a language, then turns the page to it. */
export async function turnTo(locale: Locale): Promise<void> {
  const catalogues = await Promise.all([...needed].map((catalogue) => catalogue[locale]()));
  const messages = Object.assign({}, ...catalogues.map((catalogue) => catalogue.messages));
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
}

/** Fetches what only administrators read, once. */
export async function loadAdministration(): Promise<void> {
  if (needed.has(ADMINISTRATION)) return;
  needed.add(ADMINISTRATION);
  if (isLocale(i18n.locale)) await turnTo(i18n.locale);
}
