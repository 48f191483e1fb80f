import { Body1 } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { FaultText } from "../fault/fault.tsx";
import { useMe } from "../sign-in/guard.tsx";
import { Page } from "../ui/page.tsx";
import { holdsAny, type Permission } from "./permissions.ts";
import { useNames } from "./words.ts";

/** What the person may do. */
export function useHeld(): readonly string[] {
  return useMe().may.permissions;
}

interface Props {
  readonly title: string;
  /** One of these is needed. */
  readonly any: readonly Permission[];
  readonly children: ReactNode;
}

/** A page for those who hold one of these permissions; the others are told which. */
export function Needs({ title, any, children }: Props) {
  const held = useHeld();
  const names = useNames();
  if (holdsAny(held, any)) return children;
  const wanted = names.either(any.map(names.permission));
  return (
    <Page title={title}>
      <Body1>
        <FaultText fault={{ code: "RH-1218", text: "" }} />
      </Body1>
      <Body1>
        <Trans>What is needed here: {wanted}.</Trans>
      </Body1>
    </Page>
  );
}
