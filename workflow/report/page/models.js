// The reader chooses which models the page shows: rows, figures and, by an event, charts follow.
// Baselines have no box and always stay.

const choice = document.getElementById("models");

if (choice) {
  const boxes = [...choice.querySelectorAll("input[type=checkbox]")];
  const search = document.getElementById("models-search");
  const KEY = "models=";

  const found = () => boxes.filter((box) => !box.closest("label").hidden);

  function apply() {
    const hidden = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
    const rows = new Map();
    for (const part of document.querySelectorAll("main [data-model]")) {
      const away = hidden.has(part.dataset.model);
      // A row that compares two models needs both.
      const whole = part.closest("tr") ?? part;
      rows.set(whole, away || (rows.get(whole) ?? false));
    }
    for (const [whole, away] of rows) whole.hidden = away;
    const shown = boxes.length - hidden.size;
    document.getElementById("models-shown").textContent =
      hidden.size ? `${shown} of ${boxes.length}` : "all";
    document.dispatchEvent(new CustomEvent("modelschange", { detail: hidden }));
    return shown;
  }

  function changed() {
    const shown = apply();
    document.getElementById("models-told").textContent =
      `${shown} of ${boxes.length} models shown in tables, charts and figures of single models.`;
    // The choice goes with a copied address; the names of the fewer are written.
    const names = boxes.filter((box) => box.checked).map((box) => encodeURIComponent(box.value));
    const hash = shown === boxes.length ? " " : `#${KEY}${names.join(",")}`;
    // Within a frame that shuts the page off, its address must not change; the choice holds all the same.
    try { history.replaceState(null, "", hash.trim() || location.pathname + location.search); }
    catch { }
  }

  function restore() {
    if (!location.hash.startsWith(`#${KEY}`)) return;
    let names;
    // An address that was cut off within a letter says nothing.
    try { names = location.hash.slice(KEY.length + 1).split(",").map(decodeURIComponent); }
    catch { return; }
    for (const box of boxes) box.checked = names.includes(box.value);
    apply();
  }

  choice.addEventListener("change", (event) => { if (event.target.type === "checkbox") changed(); });
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const box of boxes) {
      const group = box.closest("fieldset").querySelector("legend").textContent;
      const name = `${box.value} ${group}`.toLowerCase();
      box.closest("label").hidden = !words.every((word) => name.includes(word));
    }
    for (const group of choice.querySelectorAll("fieldset")) {
      group.hidden = !group.querySelector("label:not([hidden])");
    }
  });
  for (const button of choice.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      // What the search leaves out stays as it is.
      for (const box of found()) box.checked = button.dataset.choose === "all";
      changed();
    });
  }
  // On a phone the list covers the page.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && choice.open && choice.contains(document.activeElement)) {
      choice.open = false;
      choice.querySelector("summary").focus();
    }
  });
  restore();
  window.addEventListener("hashchange", restore);
}
