// What is typed into <form data-draft="address" data-draft-by="person"> is kept
// while it is typed: at the address, and in this browser while the connection
// is lost. The form works without it.

const wait = 1500;
const line = document.querySelector("[data-draft-status]");
const say = (what, at = "") => { if (line) line.textContent = line.dataset[what].replace("{at}", at); };

// typedIn is what a form holds, without its keys.
const typedIn = form => {
  const data = new URLSearchParams(new FormData(form));
  data.delete("_key");
  data.delete("version");
  return data;
};

// put fills a form with what was kept in the browser.
const put = (form, data) => {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    const values = data.getAll(field.name);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length === 1) field.value = values[0];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = "draft " + form.dataset.draftBy + " " + form.dataset.draft;
  const shelf = {
    get: () => { try { return localStorage.getItem(key); } catch { return null; } },
    set: text => { try { localStorage.setItem(key, text); } catch { /* the page itself still has it */ } },
    send: () => { try { sessionStorage.setItem("draft sent", key); } catch { /* it is cleared later */ } },
    clear: () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  };
  let timer, running, last = String(typedIn(form)), busy = false, sent = false;

  const keep = async () => {
    clearTimeout(timer);
    const data = typedIn(form), text = String(data);
    if (busy || sent || text === last) return;
    busy = true;
    try {
      if (form.elements.version) data.set("version", form.elements.version.value);
      running = new AbortController();
      const answer = await fetch(form.dataset.draft, { method: "POST", body: data, signal: running.signal });
      if (answer.ok && !answer.redirected) {
        const { at } = await answer.json();
        last = text;
        shelf.clear();
        say("kept", at);
        form.dispatchEvent(new Event("kept", { bubbles: true }));
      } else {
        shelf.set(text);
        say(answer.status === 413 ? "large" : "lost");
        if (answer.status >= 500) timer = setTimeout(keep, 10 * wait);
      }
    } catch {
      shelf.set(text);
      if (!sent) say("lost");
      timer = setTimeout(keep, 10 * wait);
    }
    busy = false;
    if (String(typedIn(form)) !== text) timer = setTimeout(keep, wait);
  };

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, wait); });
  // A form that is sent may not arrive: what it held stays here until a page
  // says that it did (civic.js).
  form.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); sent = true; shelf.set(String(typedIn(form))); shelf.send(); });
  addEventListener("online", keep);
  addEventListener("pageshow", () => { sent = false; }); // back from where it was sent

  const left = shelf.get();
  if (left && left !== last && !document.getElementById("errors")) {
    put(form, new URLSearchParams(left));
    say("back");
  } else {
    shelf.clear();
  }
}
