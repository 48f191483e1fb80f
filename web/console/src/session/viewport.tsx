import { Caption1, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { Colour } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Grab } from "./grab.ts";
import type { Size } from "./live-view.ts";
import { fitted } from "./place.ts";
import type { OpenSession } from "./sessions.ts";
import type { Shortcut } from "./shortcut.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  place: {
    position: "relative",
    flex: "1 1 0",
    minHeight: "240px",
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground4,
  },
  scroller: {
    position: "absolute",
    inset: 0,
    overflow: "auto",
    display: "grid",
    placeContent: "safe center",
    "& canvas": { display: "block", outlineOffset: "-2px" },
    "& canvas:focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  waiting: { position: "absolute", inset: 0, display: "grid", placeItems: "center" },
  hint: {
    position: "absolute",
    insetBlockEnd: tokens.spacingVerticalS,
    insetInlineStart: tokens.spacingHorizontalS,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackgroundInverted,
    color: tokens.colorNeutralForegroundInverted,
    pointerEvents: "none",
  },
});

interface Props {
  readonly open: OpenSession;
  readonly size: Size;
  readonly laser: Colour | null;
  readonly shortcut: (shortcut: Shortcut) => void;
}

/** The other screen. */
export function Viewport({ open, size, laser, shortcut }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const { picture, card, level } = useSessionState(open.session);
  const scroller = useRef<HTMLDivElement>(null);
  const grab = useRef<Grab | null>(null);
  const act = useRef(shortcut);
  const [isGripped, setGripped] = useState(false);
  const isControl = level !== null && level !== "view";
  act.current = shortcut;

  useEffect(() => {
    const { canvas } = open;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    scroller.current?.append(canvas);
    grab.current = new Grab(canvas, open.session, { shortcut: (one) => act.current(one), gripped: setGripped });
    return () => {
      grab.current?.end();
      canvas.remove();
    };
  }, [open]);

  const name = card?.name ?? "";
  const label = isControl
    ? t`Screen of ${name}. Keyboard and mouse work there. Control, Alt and Shift together come back to the toolbar.`
    : t`Screen of ${name}, view only.`;
  useEffect(() => {
    open.canvas.setAttribute("aria-label", label);
    open.canvas.style.touchAction = isControl ? "none" : "auto";
  }, [open, label, isControl]);

  useEffect(() => {
    const [was, now] = [grab.current?.laser ?? null, laser];
    if (was !== null && now === null) open.session.laser(null, was);
    if (grab.current !== null) grab.current.laser = now;
  }, [open, laser]);

  useSizedCanvas(open, scroller, size);
  return (
    <div className={styles.place}>
      <div className={styles.scroller} ref={scroller} />
      {picture === null && (
        <div className={styles.waiting} role="status">
          <Spinner label={t`Waiting for the first picture…`} />
        </div>
      )}
      {isControl && (
        <div className={styles.hint} role="status" hidden={!isGripped}>
          {isGripped && (
            <Caption1>
              <Trans>Your keys go to the other computer. Ctrl+Alt+Shift brings them back.</Trans>
            </Caption1>
          )}
        </div>
      )}
    </div>
  );
}

/** Gives the canvas its size in the page: fitted to the room, or one pixel for one pixel. */
function useSizedCanvas(open: OpenSession, scroller: React.RefObject<HTMLDivElement | null>, size: Size): void {
  const { picture, paused } = useSessionState(open.session);
  useEffect(() => {
    const room = scroller.current;
    const { canvas } = open;
    // An empty canvas is white in some browsers: nothing is shown before there is a picture. Who pauses is told that nothing is seen.
    canvas.style.visibility = picture === null || paused ? "hidden" : "visible";
    if (room === null || picture === null) return;
    const lay = () => {
      const shown = size === "fit" ? fitted(picture, { width: room.clientWidth, height: room.clientHeight }) : picture;
      canvas.style.width = `${shown.width}px`;
      canvas.style.height = `${shown.height}px`;
    };
    lay();
    const watch = new ResizeObserver(lay);
    watch.observe(room);
    return () => watch.disconnect();
  }, [open, picture, paused, scroller, size]);
}
