import {
  Button,
  Caption1,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import {
  CellularData1Regular,
  CellularData3Regular,
  CellularData5Regular,
  CellularOffRegular,
} from "@fluentui/react-icons";
import type { Quality } from "@handrail/viewer";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useFormat } from "../ui/format.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  title: { margin: 0 },
  note: { margin: 0, marginBlockStart: tokens.spacingVerticalS, maxWidth: "32ch" },
  list: {
    display: "grid",
    gridTemplateColumns: "auto auto",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    marginBlockStart: tokens.spacingVerticalS,
    "& dd": { margin: 0, textAlign: "end", fontVariantNumeric: "tabular-nums" },
  },
});

const GRADES: Record<Quality["grade"], { readonly label: MessageDescriptor; readonly icon: React.ReactElement }> = {
  good: { label: msg`Quality: good`, icon: <CellularData1Regular /> },
  fair: { label: msg`Quality: fair`, icon: <CellularData3Regular /> },
  poor: { label: msg`Quality: poor`, icon: <CellularData5Regular /> },
  unknown: { label: msg`Quality: not known yet`, icon: <CellularOffRegular /> },
};

const WHY: Record<NonNullable<Quality["why"]>, MessageDescriptor> = {
  latency: msg`The line is slow.`,
  stalled: msg`Nothing has arrived for a moment.`,
  decoding: msg`This computer is busy.`,
};

const CARRIERS: Record<NonNullable<Quality["carrier"]>, string> = { webtransport: "WebTransport", wss: "WebSocket" };

/** Why nothing better than WebSocket carries. */
const INSTEAD: Record<NonNullable<Quality["instead"]>, MessageDescriptor> = {
  missing: msg`This browser has no WebTransport.`,
  silent: msg`Nothing answered by UDP: the network may block it.`,
  refused: msg`WebTransport could not be used: the certificate may be one that browsers do not take for it.`,
};

/** How good the line is, in bars; its figures on demand. */
export function QualityButton({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { i18n, t } = useLingui();
  const { quality } = useSessionState(open.session);
  const { label, icon } = GRADES[quality?.grade ?? "unknown"];
  return (
    <Popover inline>
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={icon} aria-label={i18n._(label)} />
      </PopoverTrigger>
      <PopoverSurface aria-label={t`Quality`} tabIndex={-1}>
        <Subtitle2 as="h2" className={styles.title}>
          {i18n._(label)}
        </Subtitle2>
        {quality?.why && <div>{i18n._(WHY[quality.why])}</div>}
        {quality && <Figures quality={quality} />}
        {quality?.instead && (
          <Caption1 as="p" className={styles.note}>
            {i18n._(INSTEAD[quality.instead])}
          </Caption1>
        )}
      </PopoverSurface>
    </Popover>
  );
}

function Figures({ quality }: { readonly quality: Quality }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { number } = useFormat();
  const ms = (value: number | null) => (value === null ? "–" : t`${number(value)} ms`);
  return (
    <dl className={styles.list}>
      <dt>
        <Trans>Carrier</Trans>
      </dt>
      <dd>
        <bdi>{quality.carrier === null ? "–" : CARRIERS[quality.carrier]}</bdi>
      </dd>
      <dt>
        <Trans>Round trip</Trans>
      </dt>
      <dd>{ms(quality.roundTripMs)}</dd>
      <dt>
        <Trans>Updates a second</Trans>
      </dt>
      <dd>{number(quality.updatesPerSecond)}</dd>
      <dt>
        <Trans>Data</Trans>
      </dt>
      <dd>
        <Trans>{number(quality.kilobitsPerSecond)} kbit/s</Trans>
      </dd>
      <dt>
        <Trans>From key to picture, median</Trans>
      </dt>
      <dd>{ms(quality.inputToPhotonP50Ms)}</dd>
      <dt>
        <Trans>From key to picture, slowest 5 %</Trans>
      </dt>
      <dd>{ms(quality.inputToPhotonP95Ms)}</dd>
      <dt>
        <Trans>Stalls</Trans>
      </dt>
      <dd>{number(quality.stalls)}</dd>
    </dl>
  );
}
