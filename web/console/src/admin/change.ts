import { useMutation, useQueryClient } from "@tanstack/react-query";
import { me } from "../api/queries.ts";
import { ADMIN } from "./queries.ts";

/** Something that the relay changes. Everything that the page knows of it is asked again, also what the person themselves may do. */
export function useChange<Given, Answer>(ask: (given: Given) => Promise<Answer>, then?: (answer: Answer) => unknown) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ask,
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: [ADMIN], refetchType: "active" });
      // A page that is opened next shows what is, not what was until the answer is here.
      client.removeQueries({ queryKey: [ADMIN], type: "inactive" });
      void client.invalidateQueries({ queryKey: me.queryKey });
      await then?.(answer);
    },
  });
}
