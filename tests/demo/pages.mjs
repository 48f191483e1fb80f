// The two pages a person meets: who are you, and may this program know it.

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => escapes[character]);
}

function page(title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** Everybody of the demo organisation, one button each; there are no passwords to forget. */
export function loginPage(action, people) {
  const buttons = Object.entries(people).map(
    ([id, person]) =>
      `<li><button name="person" value="${escape(id)}" dir="auto">${escape(person.name)}</button></li>`,
  );
  return page(
    "Sign in to the demo organisation",
    `<form method="post" action="${escape(action)}">
<ul>
${buttons.join("\n")}
</ul>
</form>`,
  );
}

/** Whether this program may know who the person is. */
export function consentPage(action, client, person) {
  return page(
    `Allow ${client}?`,
    `<p><bdi>${escape(person.name)}</bdi>, the program <b>${escape(client)}</b> asks who you are.</p>
<form method="post" action="${escape(action)}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Do not allow</button>
</form>`,
  );
}
