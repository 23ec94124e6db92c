// The line in the pictures follows the player, and a click or a key in the pictures moves the player.
for (const figure of document.querySelectorAll(".over-time")) {
  const head = figure.querySelector(".head");
  const audio = figure.parentElement.querySelector("audio");
  if (!head || !audio) continue;
  const seconds = Number(figure.dataset.seconds);
  const stored = figure.querySelector("script[type='application/json']");
  const said = stored ? JSON.parse(stored.textContent) : null;
  const now = figure.querySelector(".now");

  // What the player holds may be the beginning alone.
  const end = () => Math.min(seconds, Number.isFinite(audio.duration) ? audio.duration : seconds);

  function show() {
    const time = Math.min(audio.currentTime, seconds);
    head.firstElementChild.style.left = `${(100 * time) / seconds}%`;
    const words = `${time.toFixed(1)} s`;
    head.setAttribute("aria-valuenow", time.toFixed(2));
    if (said) {
      let step = said.edges.findIndex((edge) => edge > time) - 1;
      if (step < 0) step = said.values.length - 1;
      const told = said.labels.map((label, place) => [label, said.values[step][place]]);
      told.sort((one, other) => other[1] - one[1]);
      now.textContent = `At ${words}: ${told.map(([label, value]) => `${label} ${value.toFixed(3)}`).join(", ")}`;
      now.hidden = false;
      head.setAttribute("aria-valuetext", `${words}: ${told[0][0]} ${told[0][1].toFixed(2)}`);
    } else {
      head.setAttribute("aria-valuetext", words);
    }
  }

  function seek(time) {
    audio.currentTime = Math.max(0, Math.min(time, end()));
    show();
  }

  // Smoothly while it plays: a browser tells of the time four times a second only.
  function follow() {
    show();
    if (!audio.paused) requestAnimationFrame(follow);
  }

  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    follow();
  });
  for (const event of ["timeupdate", "seeked", "ended"]) audio.addEventListener(event, show);

  const timeAt = (event) => {
    const box = head.getBoundingClientRect();
    return (seconds * (event.clientX - box.left)) / box.width;
  };
  head.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    // A finger may be about to scroll: it moves the player where it is lifted.
    if (event.pointerType === "mouse") { head.setPointerCapture(event.pointerId); seek(timeAt(event)); }
  });
  head.addEventListener("pointermove", (event) => {
    if (head.hasPointerCapture(event.pointerId)) seek(timeAt(event));
  });
  head.addEventListener("click", (event) => seek(timeAt(event)));
  head.addEventListener("keydown", (event) => {
    const large = Math.max(1, seconds / 10);
    const moves = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: large, PageDown: -large };
    if (event.key in moves) seek(audio.currentTime + moves[event.key]);
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(end());
    else if (event.key === " " || event.key === "Enter") audio.paused ? audio.play() : audio.pause();
    else return;
    event.preventDefault();
  });
  show();
}
