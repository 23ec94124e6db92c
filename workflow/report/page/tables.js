// Tables are sorted by a press on a heading: upwards, downwards, and as they were.

const UNKNOWN = /^[–—-]?$/;

// The first number of a text, such as an interval's lower end. Narrow spaces part thousands, the
// minus is the typographic one, and "< 0.001" is less than 0.001.
function first(text) {
  const plain = text.replace(/(?<=\d)[\u202f\u00a0](?=\d{3})/g, "").replace(/\u2212/g, "-");
  const found = plain.match(/-?\d+(\.\d+)?(e[-+]?\d+)?/i);
  if (!found) return NaN;
  return Number(found[0]) * (plain.trim().startsWith("<") ? 1 - 1e-9 : 1);
}

function keyOf(cell, numeric) {
  const text = cell.textContent.trim();
  if (UNKNOWN.test(text)) return null;
  if (!numeric) return text;
  const key = cell.dataset.key ? Number(cell.dataset.key) : first(text);
  return Number.isNaN(key) ? null : key;
}

const words = new Intl.Collator("en", { numeric: true });

function compare(a, b) {
  return typeof a === "number" ? a - b : words.compare(a, b);
}

function sortable(table) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const headings = [...table.tHead.rows[0].cells];
  if (original.length < 2) return;

  function sort(column, direction) {
    const numeric = headings[column].classList.contains("right");
    const keyed = original.map((row) => [keyOf(row.cells[column], numeric), row]);
    if (direction !== "none") {
      const sign = direction === "ascending" ? 1 : -1;
      keyed.sort(([a], [b]) => {
        // What is not known stands last whichever way round.
        if (a === null || b === null) return (a === null) - (b === null);
        return sign * compare(a, b);
      });
    }
    body.append(...keyed.map(([, row]) => row));
  }

  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const next = { ascending: "descending", descending: "none" }[now] ?? "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      if (next !== "none") heading.setAttribute("aria-sort", next);
      sort(column, next);
    });
  });
}

document.querySelectorAll(".table table").forEach(sortable);
