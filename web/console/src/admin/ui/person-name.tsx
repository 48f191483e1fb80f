import { useQuery } from "@tanstack/react-query";
import { person } from "../queries.ts";

/** The name of a person of whom the id is known; the id, if nobody knows more. */
export function PersonName({ id }: { readonly id: string }) {
  const { data } = useQuery({ ...person(id), retry: false });
  return <bdi>{data?.name ?? id}</bdi>;
}
