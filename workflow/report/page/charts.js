// Draws the charts, in the page's colours, and hides the marks of hidden models.

let hidden = new Set();
const charts = [];

function look() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  const [ink, muted, rule] = ["--ink", "--muted", "--rule"].map(of).map(resolved);
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    text: { color: ink, fontSize: 11.5 },
    axis: {
      labelColor: ink, titleColor: muted, gridColor: rule, domainColor: muted, tickColor: muted,
      labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal",
    },
    legend: { labelColor: ink, titleColor: muted, labelFontSize: 12, symbolFillColor: muted, symbolStrokeColor: muted },
  };
}

// Vega knows colours and not light-dark(): the browser says what it comes to.
function resolved(colour) {
  const probe = document.createElement("span");
  probe.style.color = colour;
  document.body.append(probe);
  const told = getComputedStyle(probe).color;
  probe.remove();
  return told;
}

async function draw(chart) {
  const chosen = chart.view && chart.measured ? chart.view.signal("measure") : null;
  chart.view?.finalize();
  const { view } = await vegaEmbed(chart.place, chart.spec, {
    // The expressions are interpreted: the page's policy allows no script to be made from text.
    ast: true,
    actions: false,
    renderer: "svg",
    bind: chart.inputs,
    config: look(),
    tooltip: { theme: window.serflowDark() ? "dark" : "light" },
  });
  chart.view = view;
  // The whole chart is one picture with a description; its marks would be read one by one.
  chart.place.querySelector("svg").setAttribute("aria-hidden", "true");
  if (chosen) view.signal("measure", chosen);
  hide(chart);
}

function hide(chart) {
  const every = chart.spec.params.find((param) => param.name === "shown").value;
  const shown = every.filter((name) => !hidden.has(name));
  // Where each model has a row, the chart is as high as its rows.
  const { step } = chart.spec.usermeta;
  if (step) chart.view.height(step * Math.max(shown.length, 1));
  chart.view.signal("shown", shown).runAsync();
}

for (const drawing of document.querySelectorAll(".drawing")) {
  drawing.hidden = false;
  drawing.closest("figure").classList.add("is-drawn");
  const chart = {
    drawing,
    place: drawing.querySelector(".drawn"),
    inputs: drawing.querySelector(".inputs"),
    spec: JSON.parse(drawing.querySelector("script").textContent),
  };
  chart.measured = chart.spec.params.some((param) => param.name === "measure");
  charts.push(chart);
}

// Where a chart cannot be drawn, the picture behind it stands again, and a chart alone goes.
function withdraw(chart, error) {
  const figure = chart.drawing.closest("figure");
  chart.drawing.remove();
  figure.classList.remove("is-drawn");
  if (!figure.querySelector("img")) figure.remove();
  charts.splice(charts.indexOf(chart), 1);
  console.error(error);
}

const ready = Promise.all(charts.map((chart) => draw(chart).catch((error) => withdraw(chart, error))));
document.addEventListener("themechange", () => ready.then(() => charts.forEach(draw)));
document.addEventListener("modelschange", (event) => {
  hidden = event.detail;
  ready.then(() => charts.forEach(hide));
});
