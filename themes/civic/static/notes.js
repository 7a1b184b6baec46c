// Notes from the field survive a lost connection: <form data-note="KEY">. What
// is typed is kept in this browser alone, put back when the page is opened
// again, and forgotten when it has arrived or is thrown away. A note that may
// have arrived already is sent with its first one-time key, so it is there once.
const PREFIX = "kokeilu.note.", KEPT = 30 * 24 * 3600e3;
const shelf = {
  get(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } },
  set(key, note) { try { localStorage.setItem(PREFIX + key, JSON.stringify(note)); } catch { /* it is sent or lost */ } },
  drop(test) { try { for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && test(key.slice(PREFIX.length))) localStorage.removeItem(key); } catch { /* there is nothing */ } },
};

// What has arrived is forgotten: the page after it says so in its address.
const arrived = (new URLSearchParams(location.search).get("done") || "").startsWith("experiment_logged");
if (arrived) shelf.drop(key => location.pathname.split("/").includes(key.split("/")[1]) && shelf.get(key)?.sent);
shelf.drop(key => Date.now() - (shelf.get(key)?.at || 0) > KEPT);

const form = document.querySelector("form[data-note]");
if (form) start(form.dataset.note);

function start(key) {
  const part = name => form.querySelector(`[data-note-${name}]`);
  const fields = () => [...form.elements].filter(e => e.name && e.type !== "hidden" && e.type !== "file");
  const read = () => Object.fromEntries(fields().filter(e => !/radio|checkbox/.test(e.type) || e.checked).map(e => [e.name, e.value]));
  const empty = body => !(body.text || body.value || body.video);
  const keep = more => {
    const body = read();
    if (empty(body)) return shelf.drop(k => k === key);
    shelf.set(key, { ...shelf.get(key), at: Date.now(), body, ...more });
  };
  const fill = body => {
    for (const e of fields()) {
      if (/radio|checkbox/.test(e.type)) e.checked = body[e.name] === e.value;
      else if (e.name in body) e.value = body[e.name];
      e.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const e of form.querySelectorAll("details")) e.open ||= [...e.querySelectorAll("input:not([type=file])")].some(i => body[i.name]);
  };

  const note = shelf.get(key);
  if (note && !empty(note.body) && form.dataset.sentBack === undefined) {
    fill(note.body);
    part("when").textContent = new Date(note.at).toLocaleString(document.documentElement.lang);
    part("found").hidden = false;
  }
  part("drop").addEventListener("click", () => { shelf.drop(k => k === key); form.reset(); part("found").hidden = true; form.elements.text.focus(); });
  form.addEventListener("input", () => keep());

  // The form goes off when the portal answers; otherwise the page stays, with
  // the picture that was chosen.
  let goes = false;
  form.addEventListener("submit", async event => {
    if (goes) return;
    event.preventDefault();
    event.stopPropagation();
    const old = shelf.get(key), body = read();
    if (old?.sent && JSON.stringify(old.sent) === JSON.stringify(body)) form.elements._key.value = old.key;
    part("lost").hidden = true;
    if (await reached()) {
      keep({ sent: body, key: form.elements._key.value });
      goes = true;
      form.requestSubmit(event.submitter);
      setTimeout(() => { goes = false; }, 1000);
      return;
    }
    keep();
    part("lost").hidden = false;
    part("lost").focus();
  });
  addEventListener("online", () => { part("lost").hidden = true; });
}

async function reached() {
  if (!navigator.onLine) return false;
  try {
    await fetch("/robots.txt", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
    return true;
  } catch {
    return false;
  }
}
