import { i18n, type Messages } from "@lingui/core";

/** How the texts of each language are fetched. */
export type Catalogues = Readonly<Record<"en" | "de" | "ar", () => Promise<{ messages: Messages }>>>;

/** The language that the person chose in the console, else the first of the browser's that there is. */
function wished(): keyof Catalogues {
  const wishes = [localStorage.getItem("handrail.locale") ?? "", ...navigator.languages];
  return wishes.map((wish) => wish.split("-")[0]?.toLowerCase()).find(isOurs) ?? "en";
}

function isOurs(wish: string | undefined): wish is keyof Catalogues {
  return wish === "en" || wish === "de" || wish === "ar";
}

/** Turns the page to the person's language and colours. */
export async function settle(catalogues: Catalogues): Promise<void> {
  const scheme = localStorage.getItem("handrail.scheme");
  if (scheme === "light" || scheme === "dark") document.documentElement.setAttribute("data-scheme", scheme);
  const locale = wished();
  const { messages } = await catalogues[locale]();
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
}
