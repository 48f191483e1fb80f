// The few pieces that everything here is made of.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface PageProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** A heading that gets the focus when it is new, so that readers hear where they are. */
export function Page({ title, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Handrail`;
    heading.current?.focus();
  }, [title]);
  return (
    <main>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}

export function Waiting({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <div className="waiting" />
    </Page>
  );
}

interface ButtonProps {
  readonly press: () => void;
  readonly children: ComponentChildren;
  readonly primary?: boolean;
  readonly danger?: boolean;
  readonly isOff?: boolean;
  readonly isPressed?: boolean;
}

export function Button({ press, children, primary, danger, isOff, isPressed }: ButtonProps) {
  const kind = danger === true ? "danger" : primary === true ? "primary" : "";
  return (
    <button type="button" className={kind} disabled={isOff === true} aria-pressed={isPressed} onClick={press}>
      {children}
    </button>
  );
}
