import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api, type Record } from "./client.ts";
import type { paths } from "./schema";

export type Filter = Omit<NonNullable<paths["/api/v1/records"]["get"]["parameters"]["query"]>, "after" | "limit">;

const PAGE = 50;

/** Who is signed in. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: () => answered(api.GET("/api/v1/me")),
  staleTime: 60_000,
});

export const monitor = queryOptions({
  queryKey: ["monitor"],
  queryFn: () => answered(api.GET("/api/v1/monitor")),
  refetchInterval: 10_000,
});

/** What colleagues ask the person into, kept up to date while somebody looks at the page. */
export const invitations = queryOptions({
  queryKey: ["invitations"],
  queryFn: async () => (await answered(api.GET("/api/v1/invitations"))).invitations,
  refetchInterval: 4000,
});

/** The person does not come. */
export function turnDown(session: string): Promise<unknown> {
  return answered(api.DELETE("/api/v1/invitations/{session}", { params: { path: { session } } }));
}

/** Session records, page by page. */
export function records(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ["records", filter],
    queryFn: ({ pageParam }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam !== "" && { after: pageParam }) };
      return answered(api.GET("/api/v1/records", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
}

/** The newest records of the person. */
export function newest(limit: number) {
  return queryOptions({
    queryKey: ["records", "newest", limit],
    queryFn: () => answered(api.GET("/api/v1/records", { params: { query: { mine: true, limit } } })),
  });
}

/** The record of a session in which the person helped; null if there is none. */
export function recordOf(session: string) {
  return queryOptions({
    queryKey: ["records", "of", session],
    queryFn: async (): Promise<Record | null> => {
      const { records } = await answered(
        api.GET("/api/v1/records", { params: { query: { mine: true, limit: PAGE } } }),
      );
      return records.find((record) => record.session === session) ?? null;
    },
  });
}

/** Writes what came of a session. */
export function saveOutcome({ session, pair }: Record, outcome: string, notes: string): Promise<unknown> {
  const request = { params: { path: { session, pair } }, body: { outcome, notes } };
  return answered(api.PUT("/api/v1/records/{session}/{pair}/outcome", request));
}

/** The address of the filter's records as CSV. */
export function csvAddress(filter: Filter): string {
  const words = Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]);
  return `/api/v1/records.csv?${new URLSearchParams(words)}`;
}
