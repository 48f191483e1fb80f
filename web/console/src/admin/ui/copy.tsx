import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  text: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

/** A text to be used elsewhere, with a button that copies it. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const styles = useStyles();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className={styles.row}>
      <code dir="ltr" className={styles.text}>
        {text}
      </code>
      <Button size="small" icon={<CopyRegular />} title={label} onClick={() => void copy().catch(() => {})}>
        <Trans>Copy</Trans>
      </Button>
      <span role="status">{isCopied && <Trans>Copied.</Trans>}</span>
    </div>
  );
}
