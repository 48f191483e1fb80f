import {
  Avatar,
  Badge,
  Caption1,
  Divider,
  makeStyles,
  mergeClasses,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ShieldCheckmarkRegular } from "@fluentui/react-icons";
import { type Card, type Directory, issuerHost } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";

const useStyles = makeStyles({
  card: { display: "grid", rowGap: tokens.spacingVerticalM },
  part: { display: "flex", columnGap: tokens.spacingHorizontalM, alignItems: "start", flexWrap: "wrap" },
  verified: {
    borderInlineStartWidth: "4px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorStatusSuccessBorder2,
    paddingInlineStart: tokens.spacingHorizontalM,
  },
  lines: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
    minWidth: 0,
    flex: "1 1 200px",
  },
  name: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  badge: { alignSelf: "start", maxWidth: "100%" },
});

/** A picture of ours is a `data:` address; everything else is not shown. */
export function picture(address: string | null | undefined): { image?: { src: string; alt: string } } {
  return address?.startsWith("data:image/") ? { image: { src: address, alt: "" } } : {};
}

interface Props {
  readonly card: Card;
  readonly heading: "h2" | "h3";
  /** The relay, which alone vouches for the lower part. */
  readonly relay?: string;
}

/** Who the other person is: above the line what was verified, below it what only the relay says. */
export function TrustCard({ card, heading, relay = location.host }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <section className={styles.card} aria-label={t`The other person`}>
      <Verified card={card} heading={heading} />
      {Object.keys(card.directory).length > 0 && <Said directory={card.directory} relay={relay} />}
    </section>
  );
}

function Verified({ card, heading }: { readonly card: Card; readonly heading: "h2" | "h3" }) {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.lines, styles.verified)} data-card="verified">
      <Badge className={styles.badge} appearance="tint" color="success" icon={<ShieldCheckmarkRegular />}>
        <Trans>
          Verified: signed in at <bdi>{issuerHost(card.issuer)}</bdi>
        </Trans>
      </Badge>
      <Subtitle2 as={heading} className={styles.name}>
        <bdi>{card.name}</bdi>
      </Subtitle2>
      <Line text={card.title} />
      <Line text={card.company} />
      <Text>
        <Trans>
          Organisation <bdi>{card.domain}</bdi>
        </Trans>
      </Text>
      <Caption1 className={styles.quiet}>
        <Trans>
          Account <bdi>{card.subject}</bdi> of <bdi>{card.issuer}</bdi>
        </Trans>
      </Caption1>
      <Caption1 className={styles.quiet}>
        {card.program === "native" ? <Trans>In the Handrail program</Trans> : <Trans>In a browser</Trans>}
      </Caption1>
    </div>
  );
}

function Said({ directory, relay }: { readonly directory: Directory; readonly relay: string }) {
  const styles = useStyles();
  const { name, title, company } = directory;
  return (
    <>
      <Divider alignContent="start">
        <Trans>
          From the directory of <bdi>{relay}</bdi>, not verified
        </Trans>
      </Divider>
      <div className={styles.part} data-card="directory">
        {directory.picture !== undefined && (
          <Avatar {...picture(directory.picture)} shape="square" size={40} aria-hidden />
        )}
        <div className={mergeClasses(styles.lines, styles.quiet)}>
          <Line text={name} />
          <Line text={title} />
          <Line text={company} />
        </div>
      </div>
    </>
  );
}

function Line({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <Text>
      <bdi>{text}</bdi>
    </Text>
  );
}
