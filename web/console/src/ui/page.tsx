import { makeStyles, mergeClasses, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "1200px",
    marginInline: "auto",
    padding: tokens.spacingHorizontalXL,
    "@media (max-width: 480px)": { padding: tokens.spacingHorizontalM },
  },
  narrow: { maxWidth: "720px" },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
  },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
  title: { ...typographyStyles.title2, margin: 0, outlineStyle: "none", overflowWrap: "anywhere" },
});

let isFirst = true;

/** Names the document, and moves the focus to the heading after a change of the page, so that readers say where they are. */
export function useTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Handrail`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}

interface Props {
  readonly title: string;
  readonly narrow?: boolean;
  /** What the page is for, in a sentence. */
  readonly lead?: ReactNode;
  /** What is done here, beside the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its heading. */
export function Page({ title, narrow, lead, action, children }: Props) {
  const styles = useStyles();
  const heading = useTitle(title);
  return (
    <div className={mergeClasses(styles.page, narrow && styles.narrow)}>
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {action}
      </div>
      {lead && <div className={styles.lead}>{lead}</div>}
      {children}
    </div>
  );
}
