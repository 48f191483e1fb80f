import type { Sharing } from "@handrail/sharer";
import { t } from "@lingui/core/macro";

interface Props {
  readonly sharing: Sharing;
  readonly state: Sharing["state"];
}

/** What helpers see, small, with what they point at. A page cannot draw on the screen itself. */
export function Preview({ sharing, state }: Props) {
  const { helpers, picture } = state;
  return (
    <figure>
      <div className="preview">
        <video ref={(video) => sharing.attach(video)} autoPlay muted playsInline aria-label={t`What helpers see`} />
        {picture !== null &&
          helpers.map(
            ({ pair, dot }) =>
              dot !== null && (
                <span
                  key={pair}
                  className="dot"
                  data-dot={pair}
                  style={{
                    left: `${(100 * dot.x) / picture.width}%`,
                    top: `${(100 * dot.y) / picture.height}%`,
                    background: `rgb(${dot.colour.join(" ")})`,
                  }}
                />
              ),
          )}
      </div>
      <figcaption className="quiet">
        {t`What helpers see. Where they point is shown here, because a page cannot draw on your screen.`}
      </figcaption>
    </figure>
  );
}
