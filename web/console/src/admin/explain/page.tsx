import { Combobox, Field, makeStyles, Option, Select, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useRested } from "../../ui/rested.ts";
import { useLevelName } from "../../ui/words.ts";
import { Needs, useHeld } from "../needs.tsx";
import { holdsAny, PAGES } from "../permissions.ts";
import { device, devices, explanation, person } from "../queries.ts";
import { type Asked, LEVELS } from "../search.ts";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { usePeople } from "../ui/picker.tsx";
import { Answer } from "./answer.tsx";

const useStyles = makeStyles({
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(260px, 1fr))",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** "Why can or can't I?", for any helper, sharer, device and level. */
export function ExplainPage() {
  const styles = useStyles();
  const { t } = useLingui();
  const asked = useSearch({ from: "/own/admin/explain" });
  const level = useLevelName();
  const navigate = useNavigate();
  const held = useHeld();
  const put = (part: Asked) => {
    const all = Object.entries({ ...asked, ...part }).filter(([, value]) => value !== "");
    void navigate({ to: "/admin/explain", search: Object.fromEntries(all), replace: true });
  };
  return (
    <Needs title={t`Explain`} any={PAGES["/admin/explain"]}>
      <Page
        title={t`Explain`}
        lead={<Trans>Why may, or may not, one person help another? The answer names the assignments and rules.</Trans>}
      >
        <Panel label={t`Question`}>
          <div className={styles.fields}>
            <Somebody label={t`Helper`} id={asked.helper ?? ""} choose={(helper) => put({ helper })} />
            <Somebody label={t`Person who is helped`} id={asked.sharer ?? ""} choose={(sharer) => put({ sharer })} />
            {holdsAny(held, PAGES["/admin/devices"]) && (
              <Machine id={asked.device ?? ""} choose={(id) => put({ device: id })} />
            )}
            <Field label={t`Level`}>
              <Select value={asked.level ?? "view"} onChange={(_, { value }) => put({ level: value })}>
                {LEVELS.map((one) => (
                  <option key={one} value={one}>
                    {level(one)}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
        </Panel>
        <Result asked={asked} />
      </Page>
    </Needs>
  );
}

function Result({ asked }: { readonly asked: Asked }) {
  const { t } = useLingui();
  const query = useQuery(explanation(asked));
  if (asked.helper === undefined || asked.sharer === undefined) {
    return (
      <Empty title={t`Choose two people`}>
        <Trans>The answer appears as soon as helper and helped person are chosen.</Trans>
      </Empty>
    );
  }
  return <Loaded query={query}>{(explained) => <Answer asked={asked} explained={explained} />}</Loaded>;
}

interface Props {
  readonly id: string;
  readonly choose: (id: string) => void;
}

function Somebody({ label, id, choose }: Props & { readonly label: string }) {
  const known = useQuery({ ...person(id), enabled: id !== "", retry: false });
  const [typed, setTyped] = useState<string | null>(null);
  const options = usePeople(typed ?? "");
  return (
    <One
      label={label}
      shown={typed ?? (id === "" ? "" : (known.data?.name ?? id))}
      id={id}
      type={setTyped}
      choose={choose}
      options={options}
    />
  );
}

function Machine({ id, choose }: Props) {
  const { t } = useLingui();
  const known = useQuery({ ...device(id), enabled: id !== "", retry: false });
  const [typed, setTyped] = useState<string | null>(null);
  const found = useInfiniteQuery(devices({ search: useRested(typed ?? "") }));
  const all = found.data?.pages.flatMap((page) => page.devices) ?? [];
  const options = all.map((one) => ({ id: one.id, name: one.name, more: one.user ?? "" }));
  return (
    <One
      label={t`Device`}
      hint={t`Empty: one that is not enrolled.`}
      shown={typed ?? (id === "" ? "" : (known.data?.name ?? id))}
      id={id}
      type={setTyped}
      choose={choose}
      options={options}
    />
  );
}

interface OneProps extends Props {
  readonly label: string;
  readonly hint?: string;
  readonly shown: string;
  readonly type: (text: string | null) => void;
  readonly options: readonly { readonly id: string; readonly name: string; readonly more: string }[];
}

/** Chooses one of what begins with what was typed. */
function One({ label, hint, shown, id, type, choose, options }: OneProps) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <Field label={label} {...(hint !== undefined && { hint })}>
      <Combobox
        freeform
        clearable
        dir="auto"
        placeholder={t`Type a name`}
        value={shown}
        selectedOptions={id === "" ? [] : [id]}
        onChange={(event) => type(event.target.value)}
        onOptionSelect={(_, { optionValue }) => {
          choose(optionValue ?? "");
          type(null);
        }}
      >
        {options.map((one) => (
          <Option key={one.id} value={one.id} text={one.name}>
            <span>
              <bdi>{one.name}</bdi>{" "}
              <span className={styles.quiet}>
                <bdi>{one.more}</bdi>
              </span>
            </span>
          </Option>
        ))}
      </Combobox>
    </Field>
  );
}
