import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client.ts";
import type { components } from "../api/schema";
import type { Asked, AuditSearch, DeviceSearch } from "./search.ts";

type Schemas = components["schemas"];
export type Settings = Schemas["Settings"];
export type Role = Schemas["Role"];
export type Assignment = Schemas["Assignment"];
export type AssignmentSaid = Schemas["AssignmentSaid"];
export type Scope = Schemas["Scope"];
export type Coverage = Schemas["Coverage"];
export type Device = Schemas["Device"];
export type Group = Schemas["DirectoryGroup"];
export type Person = Schemas["DirectoryPerson"];
export type PersonDetails = Schemas["PersonDetails"];
export type ComplianceRule = Schemas["ComplianceRule"];
export type LiveSession = Schemas["LiveSession"];
export type Change = Schemas["Change"];
export type Token = Schemas["Token"];
export type Explanation = Schemas["Explanation"];
export type WhatIf = Schemas["WhatIf"];

const PAGE = 100;
/** The most that the relay gives at once. */
const MOST = 1000;
const LIVE_MS = 3000;

/** The part of every key that a change makes old. */
export const ADMIN = "admin";

const after = (page: string) => (page === "" ? {} : { after: page });

export const organisation = queryOptions({
  queryKey: [ADMIN, "organisation"],
  queryFn: () => answered(api.GET("/api/v1/organisation")),
});

export const settings = queryOptions({
  queryKey: [ADMIN, "settings"],
  queryFn: () => answered(api.GET("/api/v1/settings")),
});

export const roles = queryOptions({
  queryKey: [ADMIN, "roles"],
  queryFn: async () => (await answered(api.GET("/api/v1/roles"))).roles,
});

/** All assignments: an organisation has at most some hundred. */
export const assignments = queryOptions({
  queryKey: [ADMIN, "assignments"],
  queryFn: async () => {
    const all: Assignment[] = [];
    let next: string | null | undefined = "";
    while (typeof next === "string") {
      const query = { limit: MOST, ...after(next) };
      const page: Schemas["Assignments"] = await answered(api.GET("/api/v1/assignments", { params: { query } }));
      all.push(...page.assignments);
      next = page.next;
    }
    return all;
  },
});

/** Whom an assignment would cover. */
export function preview(body: AssignmentSaid) {
  return queryOptions({
    queryKey: [ADMIN, "preview", body],
    queryFn: () => answered(api.POST("/api/v1/assignments/preview", { body })),
  });
}

export function coverage(id: string) {
  return queryOptions({
    queryKey: [ADMIN, "coverage", id],
    queryFn: () => answered(api.GET("/api/v1/assignments/{id}/coverage", { params: { path: { id } } })),
  });
}

export function people(search: string) {
  return infiniteQueryOptions({
    queryKey: [ADMIN, "people", search],
    queryFn: ({ pageParam }) =>
      answered(api.GET("/api/v1/people", { params: { query: { search, limit: PAGE, ...after(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
}

export function person(id: string) {
  return queryOptions({
    queryKey: [ADMIN, "person", id],
    queryFn: () => answered(api.GET("/api/v1/people/{id}", { params: { path: { id } } })),
    staleTime: 60_000,
  });
}

export type GroupKind = "people" | "devices";

export function groups(kind: GroupKind, search: string) {
  return infiniteQueryOptions({
    queryKey: [ADMIN, "groups", kind, search],
    queryFn: ({ pageParam }) =>
      answered(api.GET("/api/v1/groups", { params: { query: { kind, search, limit: PAGE, ...after(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
}

/** The names of groups by id: the first thousand; the others stand by their id. */
export function groupNames(kind: GroupKind) {
  return queryOptions({
    queryKey: [ADMIN, "groups", "names", kind],
    queryFn: async () => {
      const page = await answered(api.GET("/api/v1/groups", { params: { query: { kind, limit: MOST } } }));
      return new Map(page.groups.map(({ id, name }) => [id, name]));
    },
    staleTime: 30_000,
  });
}

export function devices(search: DeviceSearch) {
  return infiniteQueryOptions({
    queryKey: [ADMIN, "devices", search],
    queryFn: ({ pageParam }) =>
      answered(api.GET("/api/v1/devices", { params: { query: { ...search, limit: PAGE, ...after(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
}

export function device(id: string) {
  return queryOptions({
    queryKey: [ADMIN, "device", id],
    queryFn: () => answered(api.GET("/api/v1/devices/{id}", { params: { path: { id } } })),
  });
}

export const complianceRules = queryOptions({
  queryKey: [ADMIN, "compliance"],
  queryFn: async () => (await answered(api.GET("/api/v1/compliance-rules"))).rules,
});

export const accessRules = queryOptions({
  queryKey: [ADMIN, "access"],
  queryFn: async () => (await answered(api.GET("/api/v1/access-rules"))).rules,
});

export const liveSessions = infiniteQueryOptions({
  queryKey: [ADMIN, "sessions"],
  queryFn: ({ pageParam }) =>
    answered(api.GET("/api/v1/sessions", { params: { query: { limit: PAGE, ...after(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: ({ next }) => next,
  refetchInterval: LIVE_MS,
});

export function audit(search: AuditSearch) {
  return infiniteQueryOptions({
    queryKey: [ADMIN, "audit", search],
    queryFn: ({ pageParam }) => {
      const query = { ...search, limit: PAGE, ...(pageParam > 0 && { after: pageParam }) };
      return answered(api.GET("/api/v1/audit", { params: { query } }));
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });
}

export const tokenList = queryOptions({
  queryKey: [ADMIN, "tokens"],
  queryFn: async () => (await answered(api.GET("/api/v1/tokens"))).tokens,
});

/** The answer to a question that is whole. */
export function explanation({ helper = "", sharer = "", device, level = "view" }: Asked) {
  return queryOptions({
    queryKey: [ADMIN, "explain", helper, sharer, device ?? "", level],
    queryFn: () => {
      const query = { helper, sharer, level, ...(device !== undefined && { device }) };
      return answered(api.GET("/api/v1/explain", { params: { query } }));
    },
    enabled: helper !== "" && sharer !== "",
  });
}
