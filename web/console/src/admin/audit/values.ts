import { useQuery } from "@tanstack/react-query";
import { useFormat } from "../../ui/format.ts";
import { useHeld } from "../needs.tsx";
import { holdsAny } from "../permissions.ts";
import { groupNames, roles } from "../queries.ts";
import { useNames } from "../words.ts";

/** What the values of a change are called, as far as the person may know: permissions, states, groups and roles by name, times as dates. */
export function useValues(): (field: string, value: string) => string {
  const names = useNames();
  const format = useFormat();
  const held = useHeld();
  const mayKnow = holdsAny(held, ["directory", "roles"]);
  const people = useQuery({ ...groupNames("people"), enabled: mayKnow }).data;
  const devices = useQuery({ ...groupNames("devices"), enabled: mayKnow }).data;
  const known = useQuery({ ...roles, enabled: held.includes("roles") }).data;
  const group = (id: string) => people?.get(id) ?? devices?.get(id) ?? id;
  const date = (value: string) => (/^\d{12,}$/.test(value) ? format.date(Number(value)) : value);
  return (field, value) => {
    switch (field) {
      case "permissions":
        return names.permission(value);
      case "groups":
      case "scope.users":
      case "scope.devices":
        return group(value);
      case "role":
        return known?.find((one) => one.id === value)?.name ?? value;
      case "moments":
        return names.moment(value);
      case "state":
        return names.deviceState(value);
      case "kind":
        return names.token(value);
      case "actions":
        return consequence(value, names);
      case "expires":
      case "revoked":
        return date(value);
      default:
        return names.value(value);
    }
  };
}

/** Such as `require_ack: not_compliant`. */
function consequence(value: string, names: ReturnType<typeof useNames>): string {
  const [action = "", state = ""] = value.split(": ");
  return `${names.compliance(state)}: ${names.action(action)}`;
}
