import type { Notice } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { FaultText } from "./fault/fault.tsx";

/** What happened last, until something else does. */
export function NoticeLine({ notice }: { readonly notice: Notice | null }) {
  return (
    <div className={notice === null ? "" : "fault"} role="status" key={notice?.serial ?? 0}>
      {notice !== null && <Words notice={notice} />}
    </div>
  );
}

function Words({ notice }: { readonly notice: Notice }) {
  const { kind, fault, name } = notice;
  if (fault !== undefined) {
    return (
      <p>
        <FaultText fault={fault} />
      </p>
    );
  }
  if (kind === "chat_refused") return <p>{t`The line is longer than 65536 bytes and was not sent.`}</p>;
  return (
    <p>
      {kind === "departed" ? t`Has left:` : t`Was asked in:`} <bdi>{name}</bdi>
    </p>
  );
}
