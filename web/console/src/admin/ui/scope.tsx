import { Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { groupNames, type Scope } from "../queries.ts";
import { covers } from "../rule.ts";
import { useNames } from "../words.ts";
import { GroupPicker } from "./picker.tsx";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  column: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
});

/** The people and devices that a rule is about, to be chosen. */
export function ScopeFields({ scope, put }: { readonly scope: Scope; readonly put: (scope: Scope) => void }) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <Checkbox
          label={t`All users`}
          checked={scope.all_users ?? false}
          onChange={(_, { checked }) => put({ ...scope, all_users: checked === true })}
        />
        {!scope.all_users && (
          <GroupPicker
            kind="people"
            label={t`Groups of users`}
            hint={t`People in these groups, on any device they use.`}
            chosen={scope.users ?? []}
            choose={(users) => put({ ...scope, users: [...users] })}
          />
        )}
      </div>
      <div className={styles.column}>
        <Checkbox
          label={t`All devices`}
          checked={scope.all_devices ?? false}
          onChange={(_, { checked }) => put({ ...scope, all_devices: checked === true })}
        />
        {!scope.all_devices && (
          <GroupPicker
            kind="devices"
            label={t`Groups of devices`}
            hint={t`Enrolled devices in these groups, whoever uses them.`}
            chosen={scope.devices ?? []}
            choose={(devices) => put({ ...scope, devices: [...devices] })}
          />
        )}
      </div>
    </div>
  );
}

/** The scope without the groups that mean nothing beside *all*. */
export function tidy(scope: Scope): Scope {
  const { all_users = false, all_devices = false, users = [], devices = [] } = scope;
  return { all_users, all_devices, users: all_users ? [] : users, devices: all_devices ? [] : devices };
}

/** The scope in words. */
export function ScopeWords({ scope }: { readonly scope: Scope }) {
  const names = useNames();
  const people = useQuery(groupNames("people"));
  const devices = useQuery(groupNames("devices"));
  const all = covers(scope);
  if (all.length === 0) return <Trans>Nobody and nothing</Trans>;
  const listed = (ids: readonly string[], known: ReadonlyMap<string, string> | undefined) =>
    names.list(ids.map((id) => known?.get(id) ?? id));
  return all.map((one) => (
    <div key={one.kind}>
      {one.kind === "all-users" && <Trans>All users</Trans>}
      {one.kind === "all-devices" && <Trans>All devices</Trans>}
      {one.kind === "users" && (
        <Trans>
          Users of <bdi>{listed(one.ids, people.data)}</bdi>
        </Trans>
      )}
      {one.kind === "devices" && (
        <Trans>
          Devices of <bdi>{listed(one.ids, devices.data)}</bdi>
        </Trans>
      )}
    </div>
  ));
}
