import { expect, test } from "vitest";
import { filterOf, queryOf } from "./filter.ts";

test("an address is taken apart, and what does not fit is left out", () => {
  expect(filterOf({ person: 12, level: "control", open: true, sort: "helper", from: "2026-11-20" })).toEqual({
    person: "12",
    level: "control",
    open: true,
    sort: "helper",
    from: "2026-11-20",
  });
  expect(filterOf({ level: "root", open: "yes", sort: "1", until: "2026-99-99", other: 1 })).toEqual({});
});

test("the last day is in it to its end", () => {
  const query = queryOf({ from: "2026-11-20", until: "2026-11-20", person: "" });
  expect(Date.parse(query?.until ?? "") - Date.parse(query.from ?? "")).toBe(24 * 60 * 60 * 1000);
  expect(query).not.toHaveProperty("person");
});
