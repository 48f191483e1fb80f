import { bindings } from "@handrail/sign-in";
import { queryOptions } from "@tanstack/react-query";
import type { Me } from "../api/client.ts";

/** Whether this person's sign-in is bound to keys of this browser, for long enough to begin a session. */
export function isBound({ subject, issuer }: Me) {
  return queryOptions({
    queryKey: ["bound", issuer, subject],
    queryFn: async () => {
      const bound = await bindings.current();
      return bound !== null && bound.subject === subject && bound.issuer === issuer;
    },
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
}
