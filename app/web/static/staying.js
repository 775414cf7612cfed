// Says in good time that the session is about to end, and lets it be kept; the server ends it in any case.
const box = document.querySelector("[data-ends-in]");
const words = box.querySelector("[aria-live]");
const button = box.querySelector("button");
const heard = new BroadcastChannel("session"); // one window that is used keeps all of them
const WARN = 120; // seconds before the end

let endsAt, timer, said;
let changed = document.documentElement.dataset.method !== "GET"; // a form drawn again holds what was typed

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
  const seconds = left();
  if (seconds > WARN) {
    say("");
    timer = setTimeout(look, Math.min(seconds - WARN, 3600) * 1000);
  } else if (seconds > 0) {
    say(seconds > WARN / 2 ? box.dataset.soon : box.dataset.now); // once a minute: a voice is not to run on
    timer = setTimeout(look, (seconds > WARN / 2 ? seconds - WARN / 2 : seconds) * 1000);
  } else if (changed) {
    button.hidden = true;
    say(box.dataset.ended);
  } else {
    location.reload(); // nothing was typed, so nothing is left on the screen of whoever went away
  }
}

function begin(seconds) {
  endsAt = Date.now() + seconds * 1000;
  button.hidden = false;
  look();
}

button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const answer = await fetch("/api/session", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { seconds_left: seconds } = await answer.json();
      heard.postMessage(seconds);
      begin(seconds);
    } else {
      endsAt = Date.now();
      look();
    }
  } catch {
    say(box.dataset.offline);
  }
  button.disabled = false;
});

document.addEventListener("input", () => (changed = true));
document.addEventListener("visibilitychange", look); // timers sleep with the window
heard.addEventListener("message", (each) => begin(each.data));

begin(Number(box.dataset.endsIn));
heard.postMessage(Number(box.dataset.endsIn));
