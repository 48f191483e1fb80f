import {
  Badge,
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Tooltip,
} from "@fluentui/react-components";
import { WarningRegular } from "@fluentui/react-icons";
import type { Compliance } from "@handrail/viewer";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { RuleName } from "../fault/fault.tsx";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const STATES: Record<Compliance["state"], MessageDescriptor> = {
  compliant: msg`The device meets the rules of the organisation.`,
  not_compliant: msg`The device does not meet the rules of the organisation.`,
  stale: msg`The device has not been checked for a long time.`,
  not_enrolled: msg`The device is not enrolled.`,
};

const NAMES: Record<Compliance["state"], MessageDescriptor> = {
  compliant: msg`Device compliant`,
  not_compliant: msg`Device not compliant`,
  stale: msg`Device not checked lately`,
  not_enrolled: msg`Device not enrolled`,
};

const ACTIONS: Record<Compliance["action"], MessageDescriptor> = {
  warn: msg`The session goes on. Take care what you type on this device.`,
  require_ack: msg`Acknowledge the warning before you ask for a level. As long as you do not, nothing is granted anew.`,
  view_only: msg`You can view the screen, not more.`,
  block: msg`A session with this device is not allowed.`,
};

/** Whether the helper has to acknowledge a warning first. */
export function isHeld(compliance: Compliance | null): boolean {
  return compliance?.action === "require_ack" && !compliance.isAcknowledged;
}

/** What is wrong with the other person's device, what that does, and which rule says so. */
export function ComplianceWarning({ open }: { readonly open: OpenSession }) {
  const { i18n } = useLingui();
  const { compliance } = useSessionState(open.session);
  if (compliance === null) return null;
  const { state, action, rule } = compliance;
  return (
    <MessageBar intent={action === "warn" ? "warning" : "error"} layout="multiline" data-compliance={state}>
      <MessageBarBody>
        <MessageBarTitle>{i18n._(STATES[state])}</MessageBarTitle> {i18n._(ACTIONS[action])} <RuleName rule={rule} />
        {action === "require_ack" && compliance.isAcknowledged && <Trans>You acknowledged it.</Trans>}
      </MessageBarBody>
      {isHeld(compliance) && (
        <MessageBarActions>
          <Button onClick={() => open.session.acknowledge()}>
            <Trans>Acknowledge the warning</Trans>
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

/** The warning in a running session: until it is acknowledged or put away, and again when it changes. */
export function ComplianceBar({ open }: { readonly open: OpenSession }) {
  const { compliance } = useSessionState(open.session);
  const [putAway, setPutAway] = useState("");
  if (compliance === null) return null;
  const now = `${compliance.state} ${compliance.action}`;
  if (compliance.isAcknowledged || now === putAway) return null;
  return (
    <>
      <ComplianceWarning open={open} />
      {!isHeld(compliance) && (
        <Button size="small" appearance="subtle" onClick={() => setPutAway(now)}>
          <Trans>Put the warning away</Trans>
        </Button>
      )}
    </>
  );
}

/** Stays as long as the warning. */
export function ComplianceBadge({ open }: { readonly open: OpenSession }) {
  const { i18n } = useLingui();
  const { compliance } = useSessionState(open.session);
  if (compliance === null) return null;
  const { state, action } = compliance;
  return (
    <Tooltip content={`${i18n._(STATES[state])} ${i18n._(ACTIONS[action])}`} relationship="description">
      <Badge
        appearance="tint"
        color={action === "warn" ? "warning" : "danger"}
        icon={<WarningRegular />}
        data-compliance={state}
      >
        {i18n._(NAMES[state])}
      </Badge>
    </Tooltip>
  );
}
