import { assert } from "chai";
import type { LivePlotElement } from "../../src/dashboard/live-plot.js";

describe("<live-plot>", () => {
  const canvasOf = (plot: Element) => plot.shadowRoot?.querySelector("canvas");
  const hasInk = (plot: Element): boolean => {
    const canvas = canvasOf(plot);
    const { data } =
      canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    return data?.some((value) => value > 0) ?? false;
  };
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));

  it("draws the points that were set before it was defined, and later ones", async () => {
    const plot = document.createElement("live-plot") as LivePlotElement;
    plot.points = [1, 5, 2];
    plot.style.width = "200px";
    document.body.append(plot);
    await import("../../src/dashboard/live-plot.js");
    while (!hasInk(plot)) await painted();
    assert.deepEqual(plot.points, [1, 5, 2]);
    plot.points = [];
    while (hasInk(plot)) await painted();
    plot.points = [3, 3];
    while (!hasInk(plot)) await painted();
    plot.remove();
    document.body.append(plot);
    while (!hasInk(plot)) await painted();
    assert.equal(plot.shadowRoot?.querySelectorAll("canvas").length, 1);
    plot.remove();
  });
});
