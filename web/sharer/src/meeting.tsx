import type { Helper, Sharing } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { TrustCard } from "./card.tsx";
import { Chat } from "./chat.tsx";
import { NoticeLine } from "./notice.tsx";
import { Preview } from "./preview.tsx";
import { Question } from "./question.tsx";
import { Button, Page } from "./ui.tsx";

interface Props {
  readonly sharing: Sharing;
  readonly state: Sharing["state"];
}

/** Helpers are here: who they are, what they ask, who sees the screen, and the way out. */
export function Meeting({ sharing, state }: Props) {
  const { helpers, isPaused, phase, notice } = state;
  const title = phase === "live" ? t`Your screen is shared` : t`Your helper is here`;
  return (
    <>
      <Banner helpers={helpers} isPaused={isPaused} sharing={sharing} />
      <Page title={title}>
        {state.isAway && (
          <p className="fault" role="status">
            {t`Your connection was lost and is being restored. The session goes on by itself.`}
          </p>
        )}
        <NoticeLine notice={notice} />
        <div className="columns">
          <div>
            {helpers.map((helper) => (
              <Present key={helper.pair} helper={helper} sharing={sharing} isAlone={helpers.length === 1} />
            ))}
            {phase === "live" && <Preview sharing={sharing} state={state} />}
          </div>
          {phase === "live" && state.mayChat && <Chat state={state} send={(text) => sharing.chat(text)} />}
        </div>
      </Page>
    </>
  );
}

interface BannerProps {
  readonly helpers: readonly Helper[];
  readonly isPaused: boolean;
  readonly sharing: Sharing;
}

/** Always in sight: who sees the screen now, and the button that ends it. */
function Banner({ helpers, isPaused, sharing }: BannerProps) {
  const names = helpers.filter(({ isViewing }) => isViewing).map(({ card }) => card.name);
  const isShown = names.length > 0 && !isPaused;
  return (
    <section className={isShown ? "banner shown" : "banner"} aria-label={t`Sharing`}>
      <p role="status">
        {names.length === 0 && t`Nobody sees your screen.`}
        {names.length > 0 && isPaused && t`Paused: nobody sees your screen.`}
        {isShown && (
          <>
            {t`Sees your screen:`} <bdi>{names.join(", ")}</bdi>
          </>
        )}
      </p>
      <div className="row">
        {names.length > 0 && (
          <Button isPressed={isPaused} press={() => sharing.pause(!isPaused)}>
            {isPaused ? t`Go on` : t`Pause`}
          </Button>
        )}
        <Button danger press={() => sharing.leave()}>{t`Stop`}</Button>
      </div>
    </section>
  );
}

interface PresentProps {
  readonly helper: Helper;
  readonly sharing: Sharing;
  readonly isAlone: boolean;
}

function Present({ helper, sharing, isAlone }: PresentProps) {
  const { pair, card, question, invitedBy, isViewing, isAway, handOver } = helper;
  return (
    <article>
      <div>
        <TrustCard card={card} />
        {isAway && (
          <p role="status">{t`The connection of this helper was lost. The session goes on by itself when it is back.`}</p>
        )}
        {invitedBy !== null && (
          <p>
            {handOver ? t`Takes over, asked by` : t`Asked in by`} <bdi>{invitedBy}</bdi>
          </p>
        )}
      </div>
      {question !== null ? (
        <Question
          helper={helper}
          question={question}
          hasScreen={sharing.stream !== null}
          allow={(shown) => void sharing.allow(pair, shown)}
          decline={() => sharing.decline(pair)}
        />
      ) : (
        !isViewing && <p role="status">{t`Waiting until the helper asks to see your screen…`}</p>
      )}
      <div className="row">
        {!isAlone && <Button press={() => sharing.dismiss(pair)}>{t`Send away`}</Button>}
        <Button press={() => sharing.report(pair)}>{t`Report and stop`}</Button>
      </div>
    </article>
  );
}
