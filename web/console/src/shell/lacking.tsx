import { Body1 } from "@fluentui/react-components";
import { missing, missingCrypto } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Page } from "../ui/page.tsx";

/** Stands for all pages in a browser that cannot hold a session. */
export function Lacking({ children }: { readonly children: ReactNode }) {
  const { t } = useLingui();
  const crypto = useQuery({ queryKey: ["crypto"], queryFn: missingCrypto, staleTime: Number.POSITIVE_INFINITY });
  const lacks = [...missing(), ...(crypto.data ?? [])];
  if (lacks.length === 0) return children;
  return (
    <Page title={t`This browser cannot give help`} narrow>
      <Body1>
        <Trans>Use a current version of Chromium, Edge, Firefox or Safari. This one lacks:</Trans>
      </Body1>
      <ul>
        {lacks.map((one) => (
          <li key={one}>
            <bdi>{one}</bdi>
          </li>
        ))}
      </ul>
    </Page>
  );
}
