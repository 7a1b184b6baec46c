// Suggestions under the search fields: the "editable combobox with list
// autocomplete" of the ARIA Authoring Practices. The forms work without it.
// Recent searches stay in this browser: they are never sent anywhere.
const head = document.querySelector("[data-suggest]");
const words = head?.dataset, KEY = "kokeilu.searches", KEPT = 8;
const recent = {
  all() { try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; } },
  set(list) { try { list.length ? localStorage.setItem(KEY, JSON.stringify(list)) : localStorage.removeItem(KEY); } catch { /* none are kept */ } },
  add(text) { if (text = text.trim().slice(0, 200)) this.set([text, ...this.all().filter(t => t !== text)].slice(0, KEPT)); },
};
const make = (tag, attributes) => {
  const e = document.createElement(tag);
  for (const name in attributes) e.setAttribute(name, attributes[name]);
  return e;
};

function combobox(form, input) {
  const id = input.id + "-list", box = make("ul", { role: "listbox", id, "aria-label": words.list, hidden: "", class: "guesses" });
  const said = make("p", { role: "status", class: "ds-sr-only" });
  let active = -1, shown = [], timer, saying, running;
  input.type = "text"; // a search field may not be a combobox
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, enterkeyhint: "search" }))
    input.setAttribute(name, value);
  input.after(box);
  form.append(said);
  const say = text => { clearTimeout(saying); saying = setTimeout(() => { said.textContent = text; }, 400); };
  const stop = () => { clearTimeout(timer); running?.abort(); };
  const open = yes => { box.hidden = !yes; input.setAttribute("aria-expanded", yes); point(-1); };
  const close = () => { stop(); open(false); say(""); };
  const point = n => {
    active = n;
    [...box.children].forEach((option, i) => option.setAttribute("aria-selected", i === n));
    if (n < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", box.children[n].id);
    box.children[n].scrollIntoView({ block: "nearest" });
  };
  const show = (list, label, text) => {
    shown = list;
    box.setAttribute("aria-label", label);
    box.replaceChildren(...list.map((row, i) => {
      const option = make("li", { role: "option", id: id + "-" + i, "aria-selected": "false" });
      const name = make("span", row.lang ? { lang: row.lang } : {});
      name.textContent = row.text;
      option.append(name);
      if (row.note) option.append(" ", Object.assign(make("small", {}), { textContent: row.note }));
      if (row.forget) option.className = "forget";
      return option;
    }));
    open(list.length > 0);
    say(text);
  };
  const past = () => {
    const list = recent.all().map(text => ({ text, url: form.action + "?" + new URLSearchParams({ q: text }) }));
    list.length ? show([...list, { text: words.forget, forget: true }], words.recent, words.recent) : close();
  };
  const ask = async () => {
    stop();
    const text = input.value.trim();
    if (!text) return past();
    if (text.length < 2 || navigator.connection?.saveData) return close();
    const mine = running = new AbortController();
    try {
      const answer = await fetch(words.suggest + "?" + new URLSearchParams({ q: input.value }), { signal: mine.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : { list: [], said: "" };
      if (!mine.signal.aborted) show(found.list, words.list, found.said);
    } catch { /* another letter was typed, or the form does without */ }
  };
  const choose = n => {
    const row = shown[n];
    if (row.forget) return recent.set([]), close(), say(words.forgotten);
    if (!row.note) recent.add(row.text);
    close();
    location.assign(row.url);
  };
  const keys = {
    ArrowDown(event) { box.hidden ? ask() : event.altKey || point((active + 2) % (shown.length + 1) - 1); },
    ArrowUp(event) { box.hidden ? ask() : event.altKey ? close() : point((active + shown.length + 1) % (shown.length + 1) - 1); },
    Enter() { if (box.hidden || active < 0) return false; choose(active); },
    Escape() { if (!box.hidden) return close(); input.value = ""; },
    Home() { point(-1); return false; },
    End() { point(-1); return false; },
    Tab() { close(); return false; },
  };
  input.addEventListener("keydown", event => {
    if (event.isComposing || event.ctrlKey || event.metaKey || !Object.hasOwn(keys, event.key)) return;
    if (keys[event.key](event) !== false) event.preventDefault();
  });
  input.addEventListener("input", () => { stop(); point(-1); timer = setTimeout(ask, input.value.trim() ? 150 : 0); });
  input.addEventListener("focus", () => { if (!input.value.trim()) past(); });
  input.addEventListener("blur", close);
  box.addEventListener("pointerdown", event => event.preventDefault()); // the field keeps the focus
  box.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (option) choose([...box.children].indexOf(option));
  });
  form.addEventListener("submit", () => { recent.add(input.value); close(); });
}

for (const form of head ? document.querySelectorAll("form[role=search]") : [])
  if (form.action === head.action) combobox(form, form.querySelector("input[name=q]"));
