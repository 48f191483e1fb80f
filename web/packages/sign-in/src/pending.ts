// What is kept of a sign-in while the person is at the provider. No token is kept here.

const KEY = "handrail.sign-in";
const WHO = "handrail.who";

export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly issuer: string;
  readonly client: string;
  readonly tokenEndpoint: string;
  /** The API whose token is asked for, where the provider wants it named. */
  readonly resource?: string;
  /** The provider was asked not to ask the person. */
  readonly isSilent: boolean;
  /** The provider was asked for what a rule asks for: it is not asked twice. */
  readonly isStepUp: boolean;
  /** Where the person wanted to go: a path of the console. */
  readonly returnTo: string;
}

export function keep(pending: Pending): void {
  sessionStorage.setItem(KEY, JSON.stringify(pending));
}

/** Takes it away: it is good once. */
export function take(): Pending | null {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return text === null ? null : (JSON.parse(text) as Pending);
}

/** A person of an issuer; shown again to tell that another one signed in. */
export interface Who {
  readonly subject: string;
  readonly issuer: string;
  readonly name: string;
}

export function lastPerson(): Who | null {
  const text = localStorage.getItem(WHO);
  return text === null ? null : (JSON.parse(text) as Who);
}

export function rememberPerson({ subject, issuer, name }: Who): void {
  localStorage.setItem(WHO, JSON.stringify({ subject, issuer, name }));
}

export function forgetPerson(): void {
  localStorage.removeItem(WHO);
}
