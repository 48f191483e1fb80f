import { Avatar, Badge, Caption1, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { Card } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";

const useStyles = makeStyles({
  card: { display: "flex", columnGap: tokens.spacingHorizontalM, alignItems: "start", flexWrap: "wrap" },
  lines: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
    minWidth: 0,
    flex: "1 1 200px",
  },
  name: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  badge: { alignSelf: "start" },
});

/** A picture of ours is a `data:` address; everything else is not shown. */
export function picture(address: string | null | undefined): { image?: { src: string; alt: string } } {
  return address?.startsWith("data:image/") ? { image: { src: address, alt: "" } } : {};
}

/** Who the other person is, and who says so. */
export function TrustCard({ card, heading }: { readonly card: Card; readonly heading: "h2" | "h3" }) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <section className={styles.card} aria-label={t`The other person`}>
      <Avatar name={card.name} {...picture(card.picture)} size={56} color="colorful" aria-hidden />
      <div className={styles.lines}>
        <Subtitle2 as={heading} className={styles.name}>
          <bdi>{card.name}</bdi>
        </Subtitle2>
        {card.title && (
          <Text>
            <bdi>{card.title}</bdi>
          </Text>
        )}
        {card.company && (
          <Text>
            <bdi>{card.company}</bdi>
          </Text>
        )}
        <Caption1 className={styles.quiet}>
          <Trans>
            Account <bdi>{card.subject}</bdi> of <bdi>{card.issuer}</bdi>
          </Trans>
        </Caption1>
        <Badge className={styles.badge} appearance="outline" color="informative">
          <Trans>according to this relay</Trans>
        </Badge>
        {card.program && (
          <Caption1 className={styles.quiet}>
            {card.program === "native" ? <Trans>In the Handrail program</Trans> : <Trans>In a browser</Trans>}
          </Caption1>
        )}
      </div>
    </section>
  );
}
