// What a script may better on pages that work without it.

// Character counters: <p id="x-count" data-count="80" data-pattern="{n} / 80 …">.
const segments = text => [...text.replace(/\r\n?/g, "\n").trim()].length;
for (const line of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(line.id.replace(/-count$/, ""));
  const show = () => {
    const n = segments(field.value);
    line.textContent = line.dataset.pattern.replace("{n}", n.toLocaleString(document.documentElement.lang));
    line.classList.toggle("over", n > Number(line.dataset.count));
  };
  field?.addEventListener("input", show);
  if (field) show();
}

// A refused form: the reader starts at what is wrong.
document.getElementById("errors")?.focus();

// A form is sent once, however often the button is pressed. The one-time key
// guards the rest.
addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
});
addEventListener("submit", event => {
  if (!event.target.getAttribute("action")?.endsWith("/sign-out")) return;
  try { for (const key of Object.keys(localStorage)) if (key.startsWith("kokeilu.note.")) localStorage.removeItem(key); } catch { /* none were kept */ }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

// Text areas grow with their text where the browser can do it.
for (const area of document.querySelectorAll("textarea")) area.style.setProperty("field-sizing", "content");

// Leaving a page with typed text that was not sent: the browser asks.
let typed = false;
addEventListener("input", event => { typed ||= Boolean(event.target.closest("form[data-guard]")); });
addEventListener("submit", () => { typed = false; });
addEventListener("kept", () => { typed = false; });
addEventListener("beforeunload", event => { if (typed) event.preventDefault(); });

// A form that was saved: what draft.js kept of it in this browser is done with.
if (document.querySelector(".notice")) {
  try {
    localStorage.removeItem(sessionStorage.getItem("draft sent") ?? "");
    sessionStorage.removeItem("draft sent");
  } catch { /* nothing was kept */ }
}

// Similar ones while a form is filled in: <form data-similar-url="…" data-similar="box">
// sends the text of the fields named in data-similar-fields to that address
// and puts the answer, a piece of our own page, into the element with that id.
for (const form of document.querySelectorAll("form[data-similar-url]")) {
  const box = document.getElementById(form.dataset.similar);
  const names = form.dataset.similarFields.split(" ");
  let timer, asked, running;
  const ask = async () => {
    const query = new URLSearchParams(names.map(name => [name, form.elements[name]?.value ?? ""]));
    if (String(query) === asked || [...query.values()].join("").trim().length < 8) return;
    asked = String(query);
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.similarUrl + "?" + query, { signal: running.signal, headers: { Accept: "text/html" } });
      if (answer.ok) box.innerHTML = await answer.text();
    } catch { /* the form works without it */ }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 700); });
}

// A plan grid opens at the current week.
for (const week of document.querySelectorAll(".plan thead .now")) {
  const grid = week.closest(".scroll");
  grid.scrollLeft = week.offsetLeft - grid.querySelector("th").offsetWidth - 8;
}

// Buttons that need a script are in the page hidden: <button hidden data-print>.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
