import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";

const useStyles = makeStyles({
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: "underline",
    borderRadius: tokens.borderRadiusSmall,
    ":hover": { color: tokens.colorBrandForegroundLinkHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
  },
});

function Anchor({ className, children, ...props }: ComponentProps<"a">) {
  return (
    <a {...props} className={mergeClasses(useStyles().link, className)}>
      {children}
    </a>
  );
}

/** A link inside the console. */
export const Link = createLink(Anchor);
