// The demo organisation's OpenID provider. Prints one line of JSON, {"issuer": "https://..."}, when it
// is ready; everything else goes to standard error.
//
//   node provider.mjs --cert server.pem --key server.key [--port 0] [--people people.json]
//                     [--console-redirect https://localhost:8443/console/signed-in] [--while-stdin] [--like-entra]
//
// --like-entra makes it differ from others where Entra ID does: an access token only for the scope of the API, whose audience is an
// application id and whose type is JWT; no parameter `resource`; no title, company and picture.
// --while-stdin ends the provider when its standard input is closed, so that it never outlives a test.

import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { consentPage, loginPage } from "./pages.mjs";

// Standard output belongs to the line that says where the provider is.
console.info = console.error;
// What oidc-provider says at each start (kept in memory only, which Node it likes) is true and meant here.
console.warn = () => {};
const { default: Provider, errors, interactionPolicy } = await import("oidc-provider");

const ENTRA = process.argv.includes("--like-entra");
const AUDIENCE = ENTRA ? "5b1f6ad2-77a3-4c0e-9a53-6f0d3f1c2e11" : "urn:rh:relay";
/** What stands for the API inside this provider: an address, as RFC 8707 wants it. */
const API = ENTRA ? "urn:demo:api" : AUDIENCE;
/** The scope of the API, as Entra ID spells it. */
const HELP = `api://${AUDIENCE}/help`;
const HOUR = 60 * 60;

const { values: options } = parseArgs({
  options: {
    cert: { type: "string" },
    key: { type: "string" },
    port: { type: "string", default: "0" },
    people: { type: "string", default: new URL("people.json", import.meta.url).pathname },
    "console-redirect": { type: "string", multiple: true, default: [] },
    "while-stdin": { type: "boolean", default: false },
    "like-entra": { type: "boolean", default: false },
  },
});
if (!options.cert || !options.key) {
  console.error("usage: node provider.mjs --cert server.pem --key server.key [--port 0]");
  process.exit(2);
}

const people = JSON.parse(readFileSync(options.people, "utf8"));
const server = createServer({ cert: readFileSync(options.cert), key: readFileSync(options.key) });
server.listen(Number(options.port), "127.0.0.1", () => {
  const issuer = `https://127.0.0.1:${server.address().port}`;
  server.on("request", handler(new Provider(issuer, configuration())));
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exit(1);
});
if (options["while-stdin"]) {
  process.stdin.on("close", () => process.exit(0)).resume();
}

function configuration() {
  return {
    clients: clients(),
    jwks: { keys: [signingKey("rsa", { modulusLength: 2048 }, "RS256"), signingKey("ec", { namedCurve: "P-256" }, "ES256")] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    pkce: { required: () => true },
    scopes: ENTRA ? ["openid", "profile", HELP] : ["openid", "profile"],
    formats: ENTRA ? { customizers: { jwt: writeJwt } } : {},
    acrValues: ["mfa"],
    claims: { openid: ["sub", "tid", "groups"], profile: ["name", "title", "company", "picture"] },
    // Our clients read the ID token and never ask the userinfo endpoint.
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    findAccount: (_, id) => people[id] && account(id),
    extraTokenClaims: ({ oidc }, token) => {
      const { tid, name, groups } = people[token.accountId];
      return { tid, name, groups, ...card(token.accountId), ...signedIn(oidc.entities.AuthorizationCode) };
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        // Like Entra ID: what API the token is for is said by the scope; without one it is for another API.
        defaultResource: ({ oidc }) => (ENTRA && !oidc.requestParamScopes?.has(HELP) ? undefined : API),
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (resource !== API) throw new errors.InvalidTarget();
          return {
            audience: AUDIENCE,
            scope: ENTRA ? HELP : "",
            accessTokenFormat: "jwt",
            accessTokenTTL: 10 * 60,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
    ttl: { AccessToken: 10 * 60, AuthorizationCode: 60, IdToken: HOUR, Interaction: HOUR, Session: 12 * HOUR, Grant: 12 * HOUR },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}`, policy: policy() },
    clientBasedCORS: (_, origin, client) => client.redirectUris.some((uri) => new URL(uri).origin === origin),
  };
}

/** Whoever is signed in by another way than the one that is asked for is asked again (RFC 9470, section 5). */
function policy() {
  const { Check, base } = interactionPolicy;
  const isOther = ({ oidc }) => {
    const ways = oidc.params.acr_values?.split(" ") ?? [];
    return ways.length > 0 && !ways.includes(oidc.acr);
  };
  const all = base();
  all.get("login").checks.add(new Check("other_way", "the person signed in by another way", "login_required", isOther));
  return all;
}

/** When and how the person signed in: what rules of the organisation ask for (RFC 9068, section 2.2.1). */
function signedIn(code) {
  return { auth_time: code?.authTime, acr: code?.acr, amr: code?.amr };
}

/** Its access tokens say `JWT`, not `at+jwt`. */
function writeJwt(_, __, token) {
  token.header = { ...token.header, typ: "JWT" };
}

function clients() {
  const shared = {
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code"],
    response_types: ["code"],
    id_token_signed_response_alg: "ES256",
  };
  // The port of a loopback address is not compared (RFC 8252, section 7.3).
  const native = { ...shared, application_type: "native", redirect_uris: ["http://127.0.0.1/callback"] };
  const all = [
    { ...native, client_id: "handrail-helper", client_name: "Handrail helper" },
    { ...native, client_id: "handrail-sharer", client_name: "Handrail sharer" },
  ];
  const redirects = options["console-redirect"];
  if (redirects.length > 0) {
    all.push({ ...shared, client_id: "handrail-console", client_name: "Handrail console", redirect_uris: redirects });
  }
  return all;
}

function signingKey(type, parameters, alg) {
  // By way of PEM: Node 20 can deadlock when it collects a finished key generation while that very key is exported.
  const { privateKey: pem } = generateKeyPairSync(type, {
    ...parameters,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const privateKey = createPrivateKey(pem);
  return { ...privateKey.export({ format: "jwk" }), alg, use: "sig", kid: randomBytes(8).toString("hex") };
}

function account(id) {
  const { tid, groups, name } = people[id];
  return { accountId: id, claims: () => ({ sub: id, tid, groups, name, ...card(id) }) };
}

/** What a card shows beside the name, where tokens say it. */
function card(id) {
  const { title, company } = people[id];
  return ENTRA ? {} : { title, company, picture: picture(id) };
}

/** The address of a person's picture, for those who have one. */
function picture(id) {
  return people[id].picture && `https://127.0.0.1:${server.address().port}/pictures/${people[id].picture}`;
}

/** Our two pages under /interaction/, everything else is the provider's own. */
function handler(provider) {
  provider.on("server_error", (_, error) => console.error(error));
  const own = provider.callback();
  return async (request, response) => {
    if (request.url.startsWith("/pictures/")) return portrait(request.url.slice("/pictures/".length), response);
    if (ENTRA && new URL(request.url, "https://here").searchParams.has("resource")) {
      return response.writeHead(400, { "content-type": "text/plain" }).end("AADSTS901002: the parameter 'resource' is not supported.\n");
    }
    if (!request.url.startsWith("/interaction/")) return own(request, response);
    try {
      await interact(provider, request, response);
    } catch (error) {
      console.error(error.message);
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
      response.end("This sign-in cannot go on. Please start again in the program.\n");
    }
  };
}

async function interact(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  const form = request.method === "POST" ? new URLSearchParams(await text(request)) : null;
  if (details.prompt.name === "login") {
    const person = form?.get("person");
    if (person && Object.hasOwn(people, person)) {
      // Whoever asks for a way to sign in gets it: there are no passwords here, and no second factors.
      const [acr] = details.params.acr_values?.split(" ") ?? [];
      const login = { accountId: person, acr, amr: acr === undefined ? undefined : [acr] };
      return provider.interactionFinished(request, response, { login });
    }
    return show(response, loginPage(request.url, people));
  }
  if (form?.get("decision") === "allow") {
    const consent = { grantId: await grant(provider, details) };
    return provider.interactionFinished(request, response, { consent });
  }
  if (form) {
    const refusal = { error: "access_denied", error_description: "the person did not allow it" };
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
  }
  const client = await provider.Client.find(details.params.client_id);
  return show(response, consentPage(request.url, client.clientName, people[details.session.accountId]));
}

async function grant(provider, { grantId, params, session, prompt }) {
  const kept = grantId && (await provider.Grant.find(grantId));
  const grant = kept || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
  grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  return grant.save();
}

function portrait(name, response) {
  if (!Object.values(people).some((person) => person.picture === name)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": "image/png" });
  response.end(readFileSync(new URL(`pictures/${name}`, import.meta.url)));
}

function show(response, html) {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
  });
  response.end(html);
}
