import { Body1, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  all: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    rowGap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalXXXL,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  text: { color: tokens.colorNeutralForeground2, maxWidth: "60ch" },
});

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** What can be done about it. */
  readonly action?: ReactNode;
}

/** Stands where a list has nothing to show. */
export function Empty({ title, children, action }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.all} role="status">
      <Subtitle2>{title}</Subtitle2>
      <Body1 className={styles.text}>{children}</Body1>
      {action}
    </div>
  );
}
