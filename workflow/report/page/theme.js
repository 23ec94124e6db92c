// Light or dark, as the reader chose before: set before anything is drawn, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const key = "serflow-theme";
  // A browser may refuse a page from disk any storage; the switch works all the same.
  const read = () => { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } };
  const keep = (value) => { try { localStorage.setItem(key, value); } catch { /* not kept */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");

  function apply(choice) {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
    announce();
  }

  // What draws by itself, such as a chart, listens for this and asks `serflowDark`.
  function announce() { document.dispatchEvent(new CustomEvent("themechange")); }

  window.serflowDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  root.classList.add("has-scripts");
  apply(read());
  system.addEventListener("change", announce);
  document.addEventListener("DOMContentLoaded", () => {
    const control = document.getElementById("theme");
    control.value = root.dataset.theme ?? "";
    control.addEventListener("change", () => { keep(control.value); apply(control.value); });
  });
})();
