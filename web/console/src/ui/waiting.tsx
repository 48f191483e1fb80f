import { makeStyles, Spinner } from "@fluentui/react-components";

const useStyles = makeStyles({ place: { display: "grid", placeItems: "center", minHeight: "50vh" } });

/** Something is on its way. */
export function Waiting({ label }: { readonly label: string }) {
  return (
    <div className={useStyles().place} role="status">
      <Spinner label={label} />
    </div>
  );
}
