import { Body1 } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`There is no such page`} narrow>
      <Body1>
        <Trans>
          Look at the address, or go <Link to="/">to the start page</Link>.
        </Trans>
      </Body1>
    </Page>
  );
}
