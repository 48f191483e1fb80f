import { Button, Field, makeStyles, mergeClasses, Select, tokens } from "@fluentui/react-components";
import { ChevronDownRegular, PersonCircleRegular } from "@fluentui/react-icons";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { me as meQuery } from "../api/queries.ts";
import { isLocale, LOCALES } from "../locale.ts";
import { preferences, useScheme } from "../preferences.ts";
import { SignOut } from "./sign-out.tsx";

const useStyles = makeStyles({
  all: { position: "relative" },
  name: { maxWidth: "200px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  panel: {
    position: "absolute",
    insetInlineEnd: 0,
    insetBlockStart: "100%",
    zIndex: 5,
    display: "grid",
    rowGap: tokens.spacingVerticalM,
    width: "240px",
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
  },
  shut: { display: "none" },
});

/** The person, the language, the colours, and the way out: a panel that a button opens. */
export function Account() {
  const styles = useStyles();
  const { t } = useLingui();
  const id = useId();
  const { data } = useQuery({ ...meQuery, enabled: false });
  const [isOpen, setOpen] = useState(false);
  const all = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = all.current;
    const close = (event: Event) => {
      const to = event instanceof FocusEvent ? event.relatedTarget : event.target;
      if (to instanceof Node && place?.contains(to) === false) setOpen(false);
    };
    const press = ({ key }: KeyboardEvent) => {
      if (key !== "Escape") return;
      setOpen(false);
      place?.querySelector("button")?.focus();
    };
    place?.addEventListener("focusout", close);
    place?.addEventListener("keydown", press);
    window.addEventListener("pointerdown", close);
    return () => {
      place?.removeEventListener("focusout", close);
      place?.removeEventListener("keydown", press);
      window.removeEventListener("pointerdown", close);
    };
  }, []);
  return (
    <div ref={all} className={styles.all}>
      <Button
        appearance="subtle"
        icon={<PersonCircleRegular />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <bdi className={styles.name}>{data?.name ?? t`Language and colours`}</bdi>
        <ChevronDownRegular />
      </Button>
      <section id={id} className={mergeClasses(styles.panel, !isOpen && styles.shut)} aria-label={t`Account`}>
        <Choices />
        {data !== undefined && <SignOut />}
      </section>
    </div>
  );
}

function Choices() {
  const { t, i18n } = useLingui();
  const scheme = useScheme();
  return (
    <>
      <Field label={t`Language`}>
        <Select
          value={i18n.locale}
          onChange={(_, { value }) => isLocale(value) && void preferences.chooseLocale(value)}
        >
          {Object.entries(LOCALES).map(([locale, own]) => (
            <option key={locale} value={locale} lang={locale}>
              {own}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t`Colours`}>
        <Select value={scheme} onChange={(_, { value }) => preferences.chooseScheme(value)}>
          <option value="system">{t`As the system`}</option>
          <option value="light">{t`Light`}</option>
          <option value="dark">{t`Dark`}</option>
        </Select>
      </Field>
    </>
  );
}
