// Signs in, accepts an invitation or adds a passkey. All words stand in the page.

const octets = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

class Refused extends Error {}

async function send(part, address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": part.dataset.csrf },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refused(part.dataset.offline);
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const faults = (said.faults ?? []).map((each) => each.message);
    throw new Refused(faults.length ? faults.join(" ") : (said.detail ?? part.dataset.offline));
  }
  return said;
}

async function make(options) {
  const held = (options.excludeCredentials ?? []).map((each) => ({ ...each, id: octets(each.id) }));
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: octets(options.challenge),
      user: { ...options.user, id: octets(options.user.id) },
      excludeCredentials: held,
    },
  });
  return plain(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function use(options) {
  const used = await navigator.credentials.get({ publicKey: { ...options, challenge: octets(options.challenge) } });
  const { authenticatorData, signature, userHandle } = used.response;
  return plain(used, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function plain(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  };
}

// The secret of an invitation stands after the # of the address, so that it reaches no server before it is used.
const secret = () => decodeURIComponent(location.hash.slice(1));

const CEREMONIES = {
  "sign-in": async (part) => {
    const credential = await use(await send(part, "/api/sign-in/challenge", {}));
    await send(part, "/api/sign-in", { credential });
  },
  invitation: async (part) => {
    const token = secret();
    const credential = await make(await send(part, "/api/invitations/challenge", { token }));
    const language = document.documentElement.lang;
    return send(part, "/api/invitations/accept", { token, credential, language });
  },
  add: async (part) => {
    const credential = await make(await send(part, "/api/passkeys/challenge", {}));
    await send(part, "/api/passkeys", { credential });
  },
};

function why(part, error) {
  if (error instanceof Refused) return error.message;
  return error.name === "InvalidStateError" ? part.dataset.known : part.dataset.stopped;
}

async function show(part) {
  for (const each of document.querySelectorAll("a[hreflang]")) each.hash = location.hash; // kept in the other language
  const found = await send(part, "/api/invitations/open", { token: secret() });
  for (const each of part.querySelectorAll("[data-field]")) each.textContent = found[each.dataset.field];
  part.querySelector("[data-shown-when-open]").hidden = false;
}

async function prepare(part) {
  const says = part.querySelector("[data-says]");
  const button = part.querySelector("[data-start]");
  if (!window.PublicKeyCredential) {
    says.textContent = part.dataset.unable;
    return;
  }
  try {
    if (part.dataset.passkey === "invitation") await show(part);
  } catch (error) {
    says.textContent = why(part, error);
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    says.textContent = part.dataset.wait;
    try {
      const said = await CEREMONIES[part.dataset.passkey](part);
      if (said?.signed_in === false) says.textContent = part.dataset.waits;
      else location.assign(part.dataset.next);
    } catch (error) {
      says.textContent = why(part, error);
      button.disabled = false;
    }
  });
}

for (const part of document.querySelectorAll("[data-passkey]")) prepare(part);
