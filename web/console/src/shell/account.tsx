import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { PersonRegular } from "@fluentui/react-icons";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answered, api } from "../api/client.ts";
import { me as meQuery } from "../api/queries.ts";
import { isLocale, LOCALES } from "../locale.ts";
import { preferences, type Scheme, useScheme } from "../preferences.ts";
import { forgetPerson } from "../sign-in/pending.ts";
import { picture } from "../ui/person.tsx";

/** The person's menu: language, colours, the way out. */
export function Account() {
  const { t, i18n } = useLingui();
  const scheme = useScheme();
  const { data } = useQuery({ ...meQuery, enabled: false });
  const name = data?.name;
  return (
    <Menu
      checkedValues={{ locale: [i18n.locale], scheme: [scheme] }}
      onCheckedValueChange={(_, { name: what, checkedItems: [chosen] }) => {
        if (what === "locale" && isLocale(chosen)) void preferences.chooseLocale(chosen);
        if (what === "scheme") preferences.chooseScheme(chosen as Scheme);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={
            name === undefined ? (
              <PersonRegular />
            ) : (
              <Avatar name={name} {...picture(data?.picture)} size={28} aria-hidden />
            )
          }
          aria-label={name === undefined ? t`Language and colours` : t`Account of ${name}`}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>
              <Trans>Language</Trans>
            </MenuGroupHeader>
            {Object.entries(LOCALES).map(([locale, own]) => (
              <MenuItemRadio key={locale} name="locale" value={locale} lang={locale}>
                {own}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>
              <Trans>Colours</Trans>
            </MenuGroupHeader>
            <MenuItemRadio name="scheme" value="system">
              <Trans>As the system</Trans>
            </MenuItemRadio>
            <MenuItemRadio name="scheme" value="light">
              <Trans>Light</Trans>
            </MenuItemRadio>
            <MenuItemRadio name="scheme" value="dark">
              <Trans>Dark</Trans>
            </MenuItemRadio>
          </MenuGroup>
          {data !== undefined && (
            <>
              <MenuDivider />
              <MenuGroup>
                <MenuGroupHeader>
                  <bdi>{data.name}</bdi>
                </MenuGroupHeader>
                <SignOut />
              </MenuGroup>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function SignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await answered(api.DELETE("/api/v1/sign-in")).catch(() => {});
    forgetPerson();
    await navigate({ to: "/signed-out" });
    client.clear();
  };
  return (
    <MenuItem onClick={() => void leave()}>
      <Trans>Sign out</Trans>
    </MenuItem>
  );
}
