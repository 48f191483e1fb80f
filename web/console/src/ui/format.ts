import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

/** Minutes and seconds as a clock shows them, such as 9:05. */
export function clock(milliseconds: number, locale: string): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const one = new Intl.NumberFormat(locale);
  return `${one.format(Math.floor(seconds / 60))}:${two.format(seconds % 60)}`;
}

/** Dates, numbers and lengths of time in the person's language. */
export function useFormat() {
  const { i18n } = useLingui();
  const locale = i18n.locale;
  return {
    locale,
    number: (value: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value),
    date: (instant: string | number) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant)),
    time: (instant: number) => new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(new Date(instant)),
    /** Such as "Ben, Chiara and Yuki". */
    list: (words: readonly string[]) => new Intl.ListFormat(locale, { type: "conjunction" }).format(words),
    day: (day: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day)),
    clock: (milliseconds: number) => clock(milliseconds, locale),
    /** Such as "3 minutes 20 seconds". */
    length: (seconds: number) => {
      const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
      const few = plural(rest, { one: "# second", other: "# seconds" });
      if (minutes === 0) return few;
      const many = plural(minutes, { one: "# minute", other: "# minutes" });
      return new Intl.ListFormat(locale, { style: "narrow", type: "unit" }).format(rest === 0 ? [many] : [many, few]);
    },
  };
}
