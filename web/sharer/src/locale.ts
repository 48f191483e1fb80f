import { i18n, type Messages } from "@lingui/core";

const CATALOGUES: Record<string, () => Promise<{ messages: Messages }>> = {
  en: () => import("./locales/en.po"),
  de: () => import("./locales/de.po"),
  ar: () => import("./locales/ar.po"),
};

/** The language that the person chose in the console, else the first of the browser's that there is. */
export function wished(): string {
  const wishes = [localStorage.getItem("handrail.locale") ?? "", ...navigator.languages];
  return wishes.map((wish) => wish.split("-")[0]?.toLowerCase() ?? "").find((wish) => wish in CATALOGUES) ?? "en";
}

/** Fetches the texts of a language, then turns the page to it. */
export async function turnTo(locale: string): Promise<void> {
  const { messages } = (await CATALOGUES[locale]?.()) ?? { messages: {} };
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
}
