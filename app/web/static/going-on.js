// Sends what a new sign-in was missing for: once, and only right after it. Coming back by the history sends nothing.
const form = document.querySelector("form[data-goes-on]");
if (form && location.hash === "#go") {
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
