// A box that is wider than its place is moved by keyboard too; one that is not is no stop on the way.

const boxes = new ResizeObserver((changed) => {
  for (const { target } of changed) {
    const moves = target.scrollWidth > target.clientWidth;
    const given = { tabindex: "0", role: "group", "aria-label": "Picture, wider than the screen" };
    for (const [name, value] of Object.entries(given)) {
      if (moves) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});
document.querySelectorAll(".wide").forEach((box) => boxes.observe(box));
