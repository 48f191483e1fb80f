import { Button } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";

interface Props {
  readonly href?: string;
  readonly primary?: boolean;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly onClick?: () => void;
}

function Anchor({ primary, children, ref, ...props }: Props) {
  // The button's type knows no reference to an anchor, the button does.
  const anchor = ref === undefined ? {} : { ref: ref as Ref<never> };
  return (
    <Button as="a" appearance={primary ? "primary" : "secondary"} {...props} {...anchor}>
      {children}
    </Button>
  );
}

/** A link that looks like a button. */
export const ButtonLink = createLink(Anchor);
