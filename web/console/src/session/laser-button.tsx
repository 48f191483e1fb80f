import { ToggleButton } from "@fluentui/react-components";
import { CursorHoverRegular } from "@fluentui/react-icons";
import { Trans } from "@lingui/react/macro";
import type { LiveView } from "./live-view.ts";

/** The laser pointer: a dot on the other screen that follows the mouse. */
export function Laser({ view }: { readonly view: LiveView }) {
  return (
    <ToggleButton
      appearance="subtle"
      icon={<CursorHoverRegular />}
      checked={view.isLaser}
      onClick={() => view.setLaser(!view.isLaser)}
    >
      <Trans>Laser</Trans>
    </ToggleButton>
  );
}
