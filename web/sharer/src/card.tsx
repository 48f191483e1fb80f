import type { Helper } from "@handrail/sharer";
import { t } from "@lingui/core/macro";

type Card = Helper["card"];

/** Who the helper is: above the line what was verified, below it what only the relay says. */
export function TrustCard({ card }: { readonly card: Card }) {
  const { name, title, company, domain, subject, issuer, program, directory } = card;
  return (
    <section className="card" aria-label={t`The helper`}>
      <div data-card="verified">
        <p className="badge">
          {t`Verified: signed in at`} <bdi>{new URL(issuer).host}</bdi>
        </p>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <Line text={title} />
        <Line text={company} />
        <p>
          {t`Organisation`} <bdi>{domain}</bdi>
        </p>
        <p className="quiet">
          {t`Account`} <bdi>{subject}</bdi>
        </p>
        <p className="quiet">{program === "native" ? t`In the Handrail program` : t`In a browser`}</p>
      </div>
      {Object.keys(directory).length > 0 && <Said directory={directory} />}
    </section>
  );
}

function Said({ directory }: { readonly directory: Card["directory"] }) {
  const { name, title, company, picture } = directory;
  return (
    <div data-card="directory" className="quiet">
      <p>
        {t`From the directory, not verified:`} <bdi>{location.host}</bdi>
      </p>
      {picture?.startsWith("data:image/") && <img src={picture} alt="" width={40} height={40} />}
      <Line text={name} />
      <Line text={title} />
      <Line text={company} />
    </div>
  );
}

function Line({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p>
      <bdi>{text}</bdi>
    </p>
  );
}
