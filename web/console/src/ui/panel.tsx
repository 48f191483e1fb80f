import { makeStyles, mergeClasses, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useId } from "react";

const useStyles = makeStyles({
  panel: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    minWidth: 0,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
  },
  title: { ...typographyStyles.subtitle1, margin: 0 },
  head: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: tokens.spacingHorizontalM },
});

interface Props {
  /** Names the region without a heading. */
  readonly label?: string;
  /** The heading, which names the region. */
  readonly title?: ReactNode;
  readonly id?: string;
  /** Stands beside the heading. */
  readonly beside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page, on a surface of its own. */
export function Panel({ label, title, id, beside, className, children }: Props) {
  const styles = useStyles();
  const own = useId();
  const heading = id ?? own;
  return (
    <section
      className={mergeClasses(styles.panel, className)}
      {...(title ? { "aria-labelledby": heading } : { "aria-label": label })}
    >
      {title && (
        <div className={styles.head}>
          <h2 id={heading} className={styles.title}>
            {title}
          </h2>
          {beside}
        </div>
      )}
      {children}
    </section>
  );
}
