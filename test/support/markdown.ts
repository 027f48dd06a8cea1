/** A link or image of a page whose target is in the repository. */
export interface PageLink {
  /** The file, relative to the page. Empty for the page itself. */
  readonly file: string;
  /** The anchor of the heading. Empty without an anchor. */
  readonly anchor: string;
}

const code = /^(`{3,}).*?^\1|(`+)[^`].*?\2/gms;
const target = /\]\(<?([^)\s>]+)|\b(?:href|src|srcset)="([^"]+)"|^\[[^\]]+\]: (\S+)/gm;

/** Returns the links and images of a Markdown page, without links to other sites and links in code. */
export function linksOf(text: string): PageLink[] {
  return Array.from(text.replaceAll(code, "").matchAll(target), ([, a, b, c]) => a ?? b ?? c ?? "")
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [file = "", anchor = ""] = to.split("#");
      return { file, anchor };
    });
}

/** Returns the anchors that GitHub creates for the headings of a Markdown page. */
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
