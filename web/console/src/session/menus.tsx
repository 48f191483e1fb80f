import {
  Menu,
  MenuButton,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { CircleFilled, DesktopRegular, KeyboardRegular, ZoomFitRegular } from "@fluentui/react-icons";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactElement, ReactNode } from "react";
import { COLOURS, type LiveView } from "./live-view.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({ narrow: { minWidth: "auto" }, dot: { fontSize: tokens.fontSizeBase400 } });

interface Choice {
  readonly label: string;
  /** The label is not written beside the icon. */
  readonly isBare?: boolean;
  readonly icon: ReactElement;
  readonly value: string;
  readonly choose: (value: string) => void;
  readonly children: ReactNode;
}

/** A menu of which one entry is chosen. */
function ChoiceMenu({ label, isBare, icon, value, choose, children }: Choice) {
  const styles = useStyles();
  return (
    <Menu
      inline
      checkedValues={{ choice: [value] }}
      onCheckedValueChange={(_, { checkedItems: [chosen] }) => chosen && choose(chosen)}
    >
      <MenuTrigger disableButtonEnhancement>
        <MenuButton appearance="subtle" icon={icon} aria-label={label} className={styles.narrow}>
          {!isBare && label}
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}

export function ColourMenu({ view }: { readonly view: LiveView }) {
  const styles = useStyles();
  const { t, i18n } = useLingui();
  const dot = (name: string) => {
    const { red, green, blue } = COLOURS[name]?.colour ?? { red: 0, green: 0, blue: 0 };
    return <CircleFilled className={styles.dot} style={{ color: `rgb(${red} ${green} ${blue})` }} />;
  };
  return (
    <ChoiceMenu
      isBare
      label={t`Colour of the laser`}
      icon={dot(view.colour)}
      value={view.colour}
      choose={view.setColour}
    >
      {Object.entries(COLOURS).map(([name, { label }]) => (
        <MenuItemRadio key={name} name="choice" value={name} icon={dot(name)}>
          {i18n._(label)}
        </MenuItemRadio>
      ))}
    </ChoiceMenu>
  );
}

export function SizeMenu({ view }: { readonly view: LiveView }) {
  const { t } = useLingui();
  const label = view.size === "fit" ? t`Fit` : t`Actual size`;
  const choose = (size: string) => view.setSize(size === "actual" ? "actual" : "fit");
  return (
    <ChoiceMenu label={label} icon={<ZoomFitRegular />} value={view.size} choose={choose}>
      <MenuItemRadio name="choice" value="fit">
        <Trans>Fit</Trans>
      </MenuItemRadio>
      <MenuItemRadio name="choice" value="actual">
        <Trans>Actual size</Trans>
      </MenuItemRadio>
    </ChoiceMenu>
  );
}

const ALL = "all";

export function MonitorMenu({ open }: { readonly open: OpenSession }) {
  const { t } = useLingui();
  const { outputs, output } = useSessionState(open.session);
  const choose = (value: string) => open.session.showOutput(value === ALL ? null : Number(value));
  return (
    <ChoiceMenu
      label={t`Monitors`}
      icon={<DesktopRegular />}
      value={output === null ? ALL : String(output)}
      choose={choose}
    >
      <MenuItemRadio name="choice" value={ALL}>
        <Trans>All monitors</Trans>
      </MenuItemRadio>
      {outputs.map(({ id, name, width, height }, at) => (
        <MenuItemRadio key={id} name="choice" value={String(id)}>
          {at + 1}: <bdi>{name}</bdi> ({width} × {height})
        </MenuItemRadio>
      ))}
    </ChoiceMenu>
  );
}

const CHORDS: readonly (readonly [string, readonly string[]])[] = [
  ["Ctrl+Alt+Del", ["ControlLeft", "AltLeft", "Delete"]],
  ["Win", ["MetaLeft"]],
  ["Alt+Tab", ["AltLeft", "Tab"]],
  ["Alt+F4", ["AltLeft", "F4"]],
  ["Ctrl+Shift+Esc", ["ControlLeft", "ShiftLeft", "Escape"]],
  ["Print", ["PrintScreen"]],
];

/** Keys that the browser or the system here would keep. */
export function KeysMenu({ open }: { readonly open: OpenSession }) {
  const { session } = open;
  const { level } = useSessionState(session);
  const type = async () => session.text(await navigator.clipboard.readText());
  return (
    <Menu inline>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton appearance="subtle" icon={<KeyboardRegular />} disabled={level === "view" || level === null}>
          <Trans>Send keys</Trans>
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {CHORDS.map(([name, codes]) => (
            <MenuItem key={name} onClick={() => session.chord(codes)}>
              <bdi>{name}</bdi>
            </MenuItem>
          ))}
          <MenuDivider />
          <MenuItem onClick={() => void type().catch(() => {})}>
            <Trans>Type the text of the clipboard</Trans>
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
