import {
  Avatar,
  Button,
  Caption1,
  CounterBadge,
  makeStyles,
  Text,
  ToggleButton,
  Toolbar,
  ToolbarDivider,
  Tooltip,
  tokens,
} from "@fluentui/react-components";
import { ChatRegular, DismissRegular, FullScreenMaximizeRegular } from "@fluentui/react-icons";
import { Trans, useLingui } from "@lingui/react/macro";
import type { RefObject } from "react";
import { ComplianceBadge } from "./compliance.tsx";
import { HelpersButton } from "./helpers.tsx";
import { Laser } from "./laser-button.tsx";
import { type LiveView, toggleFullScreen } from "./live-view.ts";
import { ColourMenu, KeysMenu, MonitorMenu, SizeMenu } from "./menus.tsx";
import { QualityButton } from "./quality.tsx";
import { useLevelReason } from "./reasons.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  above: { position: "relative", zIndex: 2 },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    paddingBlock: tokens.spacingVerticalXS,
    paddingInline: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  who: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    marginInlineEnd: tokens.spacingHorizontalS,
  },
  group: {
    display: "flex",
    margin: 0,
    padding: 0,
    borderTopStyle: "none",
    borderBottomStyle: "none",
    borderLeftStyle: "none",
    borderRightStyle: "none",
    minWidth: 0,
  },
  leave: {
    marginInlineStart: "auto",
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ":hover": {
      backgroundColor: tokens.colorStatusDangerBackground3Hover,
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
});

interface Props {
  readonly open: OpenSession;
  readonly view: LiveView;
  readonly place: RefObject<HTMLDivElement | null>;
}

/** The toolbar of a session. */
export function SessionToolbar({ open, view, place }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const { card, outputs } = useSessionState(open.session);
  return (
    <div ref={place} className={styles.above}>
      <Toolbar className={styles.bar} aria-label={t`Session`}>
        {card && (
          <span className={styles.who}>
            <Avatar name={card.name} size={28} color="colorful" aria-hidden />
            <Text weight="semibold">
              <bdi>{card.name}</bdi>
            </Text>
          </span>
        )}
        <ComplianceBadge open={open} />
        <Mode open={open} />
        <Laser view={view} />
        <ColourMenu view={view} />
        <KeysMenu open={open} />
        <ToolbarDivider />
        {outputs.length > 1 && <MonitorMenu open={open} />}
        <SizeMenu view={view} />
        <Tooltip content={t`Full screen`} relationship="label">
          <Button
            appearance="subtle"
            icon={<FullScreenMaximizeRegular />}
            onClick={() => void toggleFullScreen().catch(() => {})}
          />
        </Tooltip>
        <QualityButton open={open} />
        <ToolbarDivider />
        <HelpersButton open={open} />
        <ChatToggle open={open} view={view} />
        <Button
          className={styles.leave}
          appearance="primary"
          icon={<DismissRegular />}
          onClick={() => open.session.leave()}
        >
          <Trans>Leave</Trans>
        </Button>
      </Toolbar>
    </div>
  );
}

/** View or control: up asks the other person, down is instant. */
function Mode({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { level, question } = useSessionState(open.session);
  const reason = useLevelReason(open, "control");
  const isControl = level !== "view";
  const ask = (wanted: "view" | "control") => {
    if (level !== wanted) open.session.ask(wanted);
  };
  return (
    <fieldset className={styles.group} aria-label={t`Mode`}>
      <ToggleButton size="medium" appearance="subtle" checked={!isControl} onClick={() => ask("view")}>
        <Trans>View</Trans>
      </ToggleButton>
      <ToggleButton
        size="medium"
        appearance="subtle"
        checked={isControl}
        disabledFocusable={reason !== null || question !== null}
        {...(reason !== null && { title: reason })}
        onClick={() => ask("control")}
      >
        <Trans>Control</Trans>
      </ToggleButton>
    </fieldset>
  );
}

function ChatToggle({ open, view }: { readonly open: OpenSession; readonly view: LiveView }) {
  const { t } = useLingui();
  const { chat, mayChat } = useSessionState(open.session);
  if (!mayChat) return <NoChat />;
  const unread = view.isChat ? 0 : chat.slice(open.readLines).filter((line) => !line.mine).length;
  return (
    <ToggleButton
      appearance="subtle"
      icon={<ChatRegular />}
      checked={view.isChat}
      aria-label={unread > 0 ? t`Chat, ${unread} new` : t`Chat`}
      onClick={() => view.setChat(!view.isChat)}
    >
      <Trans>Chat</Trans>
      {unread > 0 && <CounterBadge count={unread} size="small" color="danger" />}
    </ToggleButton>
  );
}

/** Instead of the chat: why there is none. */
function NoChat() {
  return (
    <Caption1>
      <Trans>Your organisation does not allow to chat here.</Trans>
    </Caption1>
  );
}
