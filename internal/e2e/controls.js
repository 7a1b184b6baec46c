// Finds what a visitor would act on, by what they read: a link or button by its
// text, a field by its label (or, for tests in several languages, its name).
// Returns the middle of the element in the window, or null.
(kind, text) => {
  const said = (e) => (e.getAttribute("aria-label") || e.innerText || e.value || "").replace(/\s+/g, " ").trim();
  const shown = (e) => e.checkVisibility();
  const pick = (list, is) => list.find((e) => shown(e) && is(said(e))) || null;
  const all = (css) => [...document.querySelectorAll(css)];

  const field = () => {
    const named = all(`[name="${CSS.escape(text)}"]`).filter((e) => e.type !== "hidden");
    if (named.length) return named.find(shown) || named[0];
    const label = pick(all("label, legend"), (s) => s === text) || pick(all("label, legend"), (s) => s.startsWith(text));
    return (label && label.control) || pick(all("input, select, textarea"), (s) => s === text);
  };
  const pressable = 'a[href], button, summary, input[type="submit"], label, [role="button"]';
  const element =
    kind === "field" ? field() : kind === "css" ? document.querySelector(text) : pick(all(pressable), (s) => s === text) || pick(all(pressable), (s) => s.startsWith(text));
  if (!element) return null;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const shape = element.getClientRects()[0] || element.getBoundingClientRect();
  return { x: shape.left + shape.width / 2, y: shape.top + shape.height / 2, tag: element.localName, type: element.type || "" };
}
