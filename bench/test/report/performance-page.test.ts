import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { PerformancePage } from "../../report/performance-page.js";

describe("the page about performance", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "performance-page-"));
  const file = path.join(folder, "page.md");
  const page = new PerformancePage(file);
  const chart = {
    title: "An event",
    description: "An event: view from 20 µs to 40 µs & more",
    x: "rows",
    y: "CPU µs",
    lines: [
      { name: "view", points: [[10, 20.04] as const, [1000, 1234.5] as const] },
      { name: "bare <echo>", points: [[10, 14] as const] },
    ],
  };

  beforeEach(() => writeFileSync(file, "before\n<!-- a -->old<!-- a end -->\nafter\n"));
  after(() => rmSync(folder, { recursive: true }));

  it("replaces only the named part, repeatedly", () => {
    page.replace("a", "first");
    page.replace("a", "second");
    assert.equal(
      readFileSync(file, "utf8"),
      "before\n<!-- a -->\n\nsecond\n\n<!-- a end -->\nafter\n",
    );
  });

  it("reports a part that the page does not have", () => {
    assert.throws(() => page.replace("b", "text"), /has no part "b"/);
  });

  it("shows a chart as an image with an alternative text and a table of its numbers", () => {
    const lines = page.draw("events", chart).split("\n");
    assert.ok(lines.includes(`![${chart.description}](images/performance/events.svg)`));
    assert.deepEqual(lines.slice(-4), [
      "| CPU µs, by rows | 10 | 1,000 |",
      "| --- | --: | --: |",
      "| view | 20 | 1,235 |",
      "| bare <echo> | 14 |  |",
    ]);
  });

  it("draws an image that has a title, a description, units and the name of each line", () => {
    page.draw("events", chart);
    const svg = readFileSync(path.join(folder, "images/performance/events.svg"), "utf8");
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title desc">/);
    assert.match(svg, /<title id="title">An event<\/title>/);
    assert.match(svg, /<desc id="desc">An event: view from 20 µs to 40 µs &amp; more<\/desc>/);
    for (const text of ["rows", "CPU µs", "view", "bare &lt;echo&gt;", "10", "100", "1,000"])
      assert.ok(svg.includes(`>${text}</text>`), text);
  });

  it("draws an image whose text has the color of the reader's light or dark mode", () => {
    page.draw("events", chart);
    const svg = readFileSync(path.join(folder, "images/performance/events.svg"), "utf8");
    const texts = svg.match(/<text [^>]*>/g) ?? [];
    assert.ok(texts.length >= 10);
    assert.deepEqual(
      texts.filter((text) => !text.includes('fill="currentColor"')),
      [],
    );
    assert.match(svg, /@media \(prefers-color-scheme: dark\) { svg { color: /);
  });
});
