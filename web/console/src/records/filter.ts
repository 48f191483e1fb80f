import type { Filter } from "../api/queries.ts";

const LEVELS = ["view", "control", "elevation", "unattended"];
const SORTS = ["started", "helper", "sharer", "level", "end_reason"];

/** What the address of the records page says. Dates are days of the person's own calendar. */
export interface Search {
  person?: string;
  level?: string;
  from?: string;
  until?: string;
  open?: boolean;
  sort?: string;
  ascending?: boolean;
  mine?: boolean;
}

/** Takes an address apart; what does not fit is left out. */
export function filterOf(search: { readonly [name: string]: unknown }): Search {
  const { person, level, from, until, sort, open, ascending, mine } = search;
  return {
    ...((typeof person === "string" || typeof person === "number") && { person: String(person) }),
    ...(isOneOf(level, LEVELS) && { level }),
    ...(isDay(from) && { from }),
    ...(isDay(until) && { until }),
    ...(isOneOf(sort, SORTS) && { sort }),
    ...(typeof open === "boolean" && { open }),
    ...(typeof ascending === "boolean" && { ascending }),
    ...(typeof mine === "boolean" && { mine }),
  };
}

/** The filter for the relay: days as instants, the last day whole. */
export function queryOf({ from, until, person, ...rest }: Search): Filter {
  return {
    ...rest,
    ...(person && { person }),
    ...(from && { from: midnight(from, 0) }),
    ...(until && { until: midnight(until, 1) }),
  };
}

function midnight(day: string, after: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

function isOneOf(value: unknown, words: readonly string[]): value is string {
  return typeof value === "string" && words.includes(value);
}
