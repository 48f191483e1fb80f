import { makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Day } from "../api/client.ts";
import { useIsDark } from "../preferences.ts";
import { useFormat } from "../ui/format.ts";

const useStyles = makeStyles({
  chart: { minHeight: "220px", direction: "ltr" },
  legend: { display: "flex", columnGap: tokens.spacingHorizontalL, flexWrap: "wrap" },
  mark: {
    display: "inline-block",
    width: "12px",
    height: "12px",
    borderRadius: "3px",
    marginInlineEnd: tokens.spacingHorizontalXS,
  },
});

const COLOURS = {
  light: { text: "#424242", grid: "#e0e0e0", sessions: "#0f6cbd", control: "#8a3707" },
  dark: { text: "#d6d6d6", grid: "#3d3d3d", sessions: "#479ef5", control: "#ef9a5c" },
};
const HEIGHT = 220;

/** Sessions by day. The table beside it says the same. */
export function DayChart({ days }: { readonly days: readonly Day[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { locale, number } = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const colours = COLOURS[useIsDark() ? "dark" : "light"];
  useEffect(() => {
    const room = place.current;
    if (room === null) return;
    const chart = new UPlot(options(colours, locale, room.clientWidth), series(days), room);
    const watch = new ResizeObserver(() => chart.setSize({ width: room.clientWidth, height: HEIGHT }));
    watch.observe(room);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [days, colours, locale]);
  const sum = (of: (day: Day) => number) => number(days.reduce((all, day) => all + of(day), 0));
  const all = sum((day) => day.sessions);
  const control = sum((day) => day.control);
  const label = t`Chart of the last 30 days: ${all} sessions, ${control} of them with control.`;
  return (
    <>
      <div className={styles.legend}>
        <span>
          <span className={styles.mark} style={{ backgroundColor: colours.sessions }} />
          <Trans>Sessions</Trans>
        </span>
        <span>
          <span className={styles.mark} style={{ backgroundColor: colours.control }} />
          <Trans>With control</Trans>
        </span>
      </div>
      <div ref={place} className={styles.chart} role="img" aria-label={label} />
    </>
  );
}

function series(days: readonly Day[]): UPlot.AlignedData {
  const at = days.map(({ day }) => Date.parse(day) / 1000);
  return [at, days.map(({ sessions }) => sessions), days.map(({ control }) => control)];
}

function options(colours: (typeof COLOURS)["light"], locale: string, width: number): UPlot.Options {
  const date = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" });
  const number = new Intl.NumberFormat(locale);
  const axis = { stroke: colours.text, grid: { stroke: colours.grid }, ticks: { stroke: colours.grid } };
  const bars = UPlot.paths.bars;
  const line = (stroke: string, share: number) => ({
    stroke,
    fill: stroke,
    points: { show: false },
    ...(bars && { paths: bars({ size: [share, 40] }) }),
  });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (at) => UPlot.tzDate(new Date(at * 1000), "UTC"),
    scales: { y: { range: (_, __, most) => [0, Math.max(4, most)] } },
    axes: [
      { ...axis, values: (_, at) => at.map((second) => date.format(second * 1000)) },
      {
        ...axis,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
        values: (_, at) => at.map((value) => number.format(value)),
      },
    ],
    series: [{}, line(colours.sessions, 0.7), line(colours.control, 0.35)],
  };
}
