import { FluentProvider, makeStyles, tokens, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { i18n } from "@lingui/core";
import { I18nProvider, useLingui } from "@lingui/react";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { RefusedError } from "./api/client.ts";
import { me } from "./api/queries.ts";
import { directionOf } from "./locale.ts";
import { useIsDark } from "./preferences.ts";
import { createConsole } from "./router.tsx";
import { Sessions } from "./session/sessions.ts";
import { SessionsProvider } from "./session/use.ts";

const sessions = new Sessions();
const router = createConsole();

/** A cookie that has expired is noticed at whichever request comes first; then the page asks who is signed in. */
const onError = (error: Error) => {
  const isExpired = error instanceof RefusedError && error.status === 401;
  if (isExpired) void client.invalidateQueries({ queryKey: me.queryKey });
};

const client = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== me.queryKey[0]) onError(error);
    },
  }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: (count, error) => error instanceof RefusedError && error.status === 0 && count < 2 },
  },
});

/** Not on the provider itself: what stands on that is copied to everything that floats. */
const useStyles = makeStyles({
  all: {
    minHeight: "100vh",
    // The provider says left, which right-to-left pages would inherit.
    textAlign: "start",
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground2,
  },
});

/** The console. */
export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <SessionsProvider value={sessions}>
          <Looks />
        </SessionsProvider>
      </QueryClientProvider>
    </I18nProvider>
  );
}

function Looks() {
  const styles = useStyles();
  const theme = useIsDark() ? webDarkTheme : webLightTheme;
  const { i18n: current } = useLingui();
  return (
    <FluentProvider theme={theme} dir={directionOf(current.locale)}>
      <div className={styles.all}>
        <RouterProvider router={router} />
      </div>
    </FluentProvider>
  );
}
