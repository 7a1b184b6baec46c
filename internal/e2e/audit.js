async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frame(); // the colour scheme or the width may just have changed

  const results = await axe.run(document, {
    runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"] },
    resultTypes: ["violations"],
  });
  const findings = results.violations.map((v) => ({
    rule: v.id,
    help: v.help,
    elements: v.nodes.slice(0, 5).map((n) => `${n.target.join(" ")} ${(n.any[0] || n.all[0] || n.none[0] || {}).message || ""}`),
  }));

  // Colours are read back from a canvas, because computed styles may hold any notation.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "rgba(0,0,0,0)";
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => (c * top[3] + below[i] * (255 - top[3])) / 255);
  const backdrop = (element) => {
    if (!element) return rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#121212" : "#fff").slice(0, 3);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, backdrop(element.parentElement));
  };
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };

  const faint = [];
  for (const field of document.querySelectorAll("input, select, textarea")) {
    const style = getComputedStyle(field);
    if (!field.checkVisibility() || field.disabled || field.type === "hidden" || field.type === "range") continue;
    if (style.opacity === "0" || field.offsetWidth < 4) continue; // drawn by its label
    if (style.appearance === "auto" && ["checkbox", "radio", "file", "color"].includes(field.type)) continue;
    const behind = backdrop(field.parentElement);
    const border = parseFloat(style.borderBottomWidth) > 0 && style.borderBottomStyle !== "none" ? over(rgba(style.borderBottomColor), behind) : behind;
    const best = Math.max(contrast(border, behind), contrast(backdrop(field), behind));
    if (best < 3 && style.boxShadow === "none" && style.outlineStyle === "none") {
      faint.push(`${field.localName}[name="${field.name}"] ${best.toFixed(2)}:1`);
    }
  }
  if (faint.length) findings.push({ rule: "faint-field", help: "The edge of a field needs a contrast of 3:1", elements: faint });

  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth + 1) {
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1 && e.checkVisibility());
    findings.push({
      rule: "scrolls-sideways",
      help: `The page is ${page.scrollWidth} pixels wide in a window of ${page.clientWidth}`,
      elements: wide.slice(-5).map((e) => `${e.localName}${e.id ? "#" + e.id : ""}.${e.className}`),
    });
  }
  return findings;
}
