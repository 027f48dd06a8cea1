/** A link or image of a page that leads within the repository. */
export interface PageLink {
  /** The file, relative to the page; empty for the page itself. */
  readonly file: string;
  /** The heading's anchor; empty without one. */
  readonly anchor: string;
}

const code = /^(`{3,}).*?^\1|(`+)[^`].*?\2/gms;
const target = /\]\(<?([^)\s>]+)|\b(?:href|src|srcset)="([^"]+)"|^\[[^\]]+\]: (\S+)/gm;

/** The links of a Markdown page, images included, but for those to other sites and those in code. */
export function linksOf(text: string): PageLink[] {
  return Array.from(text.replaceAll(code, "").matchAll(target), ([, a, b, c]) => a ?? b ?? c ?? "")
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [file = "", anchor = ""] = to.split("#");
      return { file, anchor };
    });
}

/** The anchors that GitHub gives the headings of a Markdown page. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const prose = text.replaceAll(/^(`{3,}).*?^\1/gms, "");
  for (const [, heading = ""] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const shown = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .trim()
      .toLowerCase();
    const anchor = shown.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    let again = anchor;
    for (let count = 1; anchors.has(again); count++) again = `${anchor}-${count}`;
    anchors.add(again);
  }
  return anchors;
}
