import uPlot from "uplot";

// The essential rules of uPlot's stylesheet for a plot without a legend, an axis and a cursor.
const plotStyles = `
  :host { display: block; height: 4rem; }
  .uplot, .u-wrap { position: relative; width: 100%; height: 100%; }
  .u-over, .u-under { position: absolute; }
  .u-under { overflow: hidden; }
  canvas { display: block; position: relative; width: 100%; height: 100%; }
  .u-select, .u-legend, .u-cursor-x, .u-cursor-y, .u-cursor-pt { display: none; }`;

const pageStyles = `
  .dashboard { font: 0.875rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 1rem auto; padding: 0 1rem; }
  .dashboard h1 { font-size: 1.5rem; }
  .dashboard h2 { font-size: 1.0625rem; margin: 1.5rem 0 0.5rem; }
  .dashboard .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 0.75rem; }
  .dashboard figure { margin: 0; padding: 0.5rem 0.75rem; border: 1px solid #8884; border-radius: 0.5rem; }
  .dashboard figcaption { display: flex; justify-content: space-between; }
  .dashboard table { display: block; overflow-x: auto; border-collapse: collapse; font-variant-numeric: tabular-nums; }
  .dashboard th, .dashboard td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: left; white-space: nowrap; }
  .dashboard tbody tr { border-top: 1px solid #8884; }
  .dashboard .total { font-weight: 600; }`;

// Constructed stylesheets, because a Content-Security-Policy may block inline styles.
const sheetOf = (css: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
};

const plotSheet = sheetOf(plotStyles);

/** A small line plot of the dashboard. */
export class LivePlotElement extends HTMLElement {
  #points: readonly number[] = [];
  #plot: uPlot | undefined;
  readonly #resizes = new ResizeObserver(() => this.#resize());

  /** The values, one for each interval. */
  get points(): readonly number[] {
    return this.#points;
  }

  set points(points: readonly number[]) {
    this.#points = points;
    this.#plot?.setData(this.#data());
  }

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [plotSheet];
    this.#upgrade();
    this.#plot = new uPlot(this.#options(), this.#data());
    root.replaceChildren(this.#plot.root);
    this.#resizes.observe(this);
  }

  disconnectedCallback(): void {
    this.#resizes.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** Takes the property that was set before the element was defined. */
  #upgrade(): void {
    if (!Object.hasOwn(this, "points")) return;
    const { points } = this;
    delete (this as { points?: unknown }).points;
    this.points = points;
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width > 0) this.#plot?.setSize({ width, height });
  }

  #data(): uPlot.AlignedData {
    const seconds = Number(this.getAttribute("seconds") ?? 1);
    return [this.#points.map((_, i) => i * seconds), [...this.#points]];
  }

  #options(): uPlot.Options {
    const { color } = getComputedStyle(this);
    return {
      width: this.clientWidth || 200,
      height: this.clientHeight || 64,
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false }, y: { range: (_, min, max) => [Math.min(0, min), max || 1] } },
      series: [{}, { stroke: color, width: 1.5, points: { show: false } }],
    };
  }
}

document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheetOf(pageStyles)];
customElements.define("live-plot", LivePlotElement);
