// The query page: Ctrl+Enter runs, Tab stays a way out of the field; Stop ends what was asked.

const DELAY = 400; // ms: a button that comes and goes at once only startles

export function enableRunning(textarea) {
  textarea.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      textarea.form.requestSubmit();
    }
  });
}

// This page stays until its answer begins. Giving up the request ends the query: the service
// watches whether who asked is still there.
export function enableStopping(button) {
  const status = button.form.querySelector("[role=status]");
  let timer;
  const hide = () => {
    clearTimeout(timer);
    button.hidden = true;
  };
  button.form.addEventListener("submit", () => {
    hide();
    status.textContent = "";
    timer = setTimeout(() => (button.hidden = false), DELAY);
  });
  button.addEventListener("click", () => {
    window.stop();
    hide();
    status.textContent = button.dataset.textDone;
    button.form.querySelector("textarea").focus();
  });
  window.addEventListener("pagehide", hide); // so that it isn't there when the reader comes back
}
