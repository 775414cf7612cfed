// Says in good time that the session is about to end, and lets it be kept; the server ends it in any case.
// A page whose session has ended shows nothing more; what was typed is handed over, and waits for the next sign-in.
const box = document.querySelector("[data-ends-in]");
const words = box.querySelector("[aria-live]");
const button = box.querySelector("button");
const heard = new BroadcastChannel("session"); // one window that is used keeps all of them
const WARN = 120; // seconds before the end
const OFTEN = 20; // seconds between two looks at the clock: a machine that slept tells no timer
const AGAIN = 10; // seconds until what was typed is handed over again

let endsAt, timer, said, ended;
const isTyped = (form) => form.method === "post" && form.querySelector("textarea, select, input:not([type=hidden])");
// A form drawn again holds what was typed before.
const drawnAgain = document.documentElement.dataset.method !== "GET";
let typed = drawnAgain ? [...document.querySelectorAll("main form")].find(isTyped) : undefined;

const left = () => Math.round((endsAt - Date.now()) / 1000);

function say(text) {
  if (text !== said) {
    said = text;
    box.hidden = !text;
    setTimeout(() => (words.textContent = text), 50); // only what changes in sight is read out
  }
}

function look() {
  clearTimeout(timer);
  if (ended) return;
  const seconds = left();
  if (seconds <= 0) {
    leave();
    return;
  }
  if (seconds > WARN) say("");
  else say(seconds > WARN / 2 ? box.dataset.soon : box.dataset.now); // once a minute: a voice is not to run on
  const until = [WARN, WARN / 2, 0].map((each) => seconds - each).filter((each) => each > 0);
  timer = setTimeout(look, Math.min(OFTEN, ...until) * 1000);
}

function leave() {
  ended = true;
  const address = typed && (typed.getAttribute("action") || location.pathname);
  const body = typed && new URLSearchParams(new FormData(typed));
  cover();
  if (body) handOver(address, body);
  else location.reload();
}

function cover() {
  const main = document.querySelector("main");
  const heading = document.createElement("h1");
  heading.className = "govuk-heading-l";
  heading.textContent = box.dataset.ended;
  button.remove();
  box.className = box.firstElementChild.className = "";
  words.className = "govuk-body";
  main.classList.add("govuk-width-container");
  main.replaceChildren(heading, box);
  document.body.replaceChildren(main); // nothing is left on the screen of whoever went away
  say("");
}

async function handOver(address, body) {
  body.set("_hold", "1"); // whatever the form asks for is not done: its text is kept, no more
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body });
  } catch {
    answer = { status: 503 };
  }
  if (answer.status >= 500) {
    say(box.dataset.waits);
    setTimeout(() => handOver(address, body), AGAIN * 1000);
    return;
  }
  const way = /href="(\/sign-in\?next=[^"]+)"/.exec(await answer.text());
  const link = box.querySelector("a");
  link.href = way ? way[1] : "/sign-in";
  link.hidden = false;
  box.hidden = false;
  if (way?.[1].includes("/held/")) say(box.dataset.kept);
}

function begin(seconds) {
  endsAt = Date.now() + seconds * 1000;
  look();
}

button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const answer = await fetch("/api/session", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { user, seconds_left: seconds } = await answer.json();
      tell(user, seconds);
    } else {
      endsAt = Date.now();
      look();
    }
  } catch {
    say(box.dataset.offline);
  }
  button.disabled = false;
});

function tell(user, seconds) {
  heard.postMessage({ user, seconds });
  hear(user, seconds);
}

function hear(user, seconds) {
  if (ended) return;
  if (user === box.dataset.user) begin(seconds);
  else leave(); // somebody else signed in with this browser: this page is not theirs to read
}

document.addEventListener("input", (each) => (typed = each.target.form ?? typed));
document.addEventListener("visibilitychange", look); // timers sleep with the window
heard.addEventListener("message", (each) => hear(each.data.user, each.data.seconds));

tell(box.dataset.user, Number(box.dataset.endsIn));
