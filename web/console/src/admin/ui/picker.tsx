import { Button, Combobox, Field, makeStyles, Option, tokens } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRested } from "../../ui/rested.ts";
import { type GroupKind, groupNames, groups, people } from "../queries.ts";

const useStyles = makeStyles({
  all: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, minWidth: 0 },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXS,
  },
  item: {
    display: "inline-flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalXS,
    paddingInlineStart: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    overflowWrap: "anywhere",
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  box: { maxWidth: "420px" },
});

interface One {
  readonly id: string;
  readonly name: string;
  readonly more: string;
}

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly chosen: readonly string[];
  readonly choose: (ids: readonly string[]) => void;
}

/** Chooses groups of people or of devices. */
export function GroupPicker({ kind, ...props }: Props & { readonly kind: GroupKind }) {
  const [typed, setTyped] = useState("");
  const found = useInfiniteQuery(groups(kind, useRested(typed)));
  const names = useQuery(groupNames(kind));
  const all = found.data?.pages.flatMap((page) => page.groups) ?? [];
  const options = all.map(({ id, name }) => ({ id, name, more: "" }));
  return <Picker {...props} typed={typed} type={setTyped} options={options} name={(id) => names.data?.get(id) ?? id} />;
}

/** Chooses people. */
export function PeoplePicker({ names, ...props }: Props & { readonly names: ReadonlyMap<string, string> }) {
  const [typed, setTyped] = useState("");
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const options = usePeople(typed);
  const choose = (ids: readonly string[]) => {
    setKnown(new Map([...known, ...options.map(({ id, name }) => [id, name] as const)]));
    props.choose(ids);
  };
  return (
    <Picker
      {...props}
      choose={choose}
      typed={typed}
      type={setTyped}
      options={options}
      name={(id) => known.get(id) ?? names.get(id) ?? id}
    />
  );
}

/** The people whose name begins with what was typed. */
export function usePeople(typed: string): readonly One[] {
  const found = useInfiniteQuery(people(useRested(typed)));
  const all = found.data?.pages.flatMap((page) => page.people) ?? [];
  return all.map((one) => ({ id: one.id, name: one.name, more: one.email || one.user_name || one.id }));
}

interface AnyProps extends Props {
  readonly typed: string;
  readonly type: (text: string) => void;
  readonly options: readonly One[];
  readonly name: (id: string) => string;
}

function Picker({ label, hint, chosen, choose, typed, type, options, name }: AnyProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const rest = options.filter(({ id }) => !chosen.includes(id));
  const add = (id: string | undefined) => {
    if (id !== undefined && id !== "") choose([...chosen, id]);
    type("");
  };
  return (
    <div className={styles.all}>
      <Field label={label} {...(hint !== undefined && { hint })} className={styles.box}>
        <Combobox
          freeform
          value={typed}
          dir="auto"
          placeholder={t`Type a name`}
          selectedOptions={[]}
          onChange={(event) => type(event.target.value)}
          onOptionSelect={(_, { optionValue }) => add(optionValue)}
        >
          {rest.map((one) => (
            <Option key={one.id} value={one.id} text={one.name}>
              <span>
                <bdi>{one.name}</bdi>{" "}
                {one.more !== "" && (
                  <span className={styles.quiet}>
                    <bdi>{one.more}</bdi>
                  </span>
                )}
              </span>
            </Option>
          ))}
          {rest.length === 0 && (
            <Option value="" text="" disabled>
              <Trans>Nobody and nothing is called like this.</Trans>
            </Option>
          )}
        </Combobox>
      </Field>
      {chosen.length > 0 && (
        <ul className={styles.list} aria-label={t`Chosen: ${label}`}>
          {chosen.map((id) => (
            <li key={id} className={styles.item}>
              <bdi>{name(id)}</bdi>
              <Button
                size="small"
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={t`Remove ${name(id)}`}
                onClick={() => choose(chosen.filter((one) => one !== id))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
