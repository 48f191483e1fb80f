import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Plural, Trans } from "@lingui/react/macro";

const useStyles = makeStyles({
  row: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  readonly shown: number;
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
}

/** How many entries are shown, and the way to more of them. */
export function More({ shown, query }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.row}>
      <span role="status" className={styles.quiet}>
        {query.hasNextPage ? (
          <Plural value={shown} one="The first # entry is shown." other="The first # entries are shown." />
        ) : (
          <Plural value={shown} one="# entry" other="# entries" />
        )}
      </span>
      {query.hasNextPage && (
        <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </div>
  );
}
