import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { filesUnder } from "../scripts/test-runner/test-files.js";
import { proseInCode, proseInMarkdown, proseInStylesheet } from "./support/prose.js";

// textlint, retext and alex read no comments or test titles of TypeScript, and would need 100 packages for one word list.
const avoided: ReadonlyMap<string, RegExp> = new Map([
  ["tell: write send, report, return or show", /\b(tells?|telling|told)\b/],
  ["hear: write receive or listen", /\b(hears?|heard)\b/],
  ["lend: write reuse", /\b(lends?|lent|lending)\b/],
  ["mend: write fix", /\b(mends?|mended|mending)\b/],
  ["anew: write again", /\banew\b/],
  ["thus: write so", /\bthus\b/],
  ["whoever, nobody, somebody: name the person or the thing", /\b(whoever|nobody|somebody)\b/],
  ["is no: write is not a", /(?<!\bthere )\b(is|are|was|were) no (?!(longer|more)\b)/],
  [
    "a text: write a string",
    /\ba text\b(?! (field|file|frame|input|area|node|binding|editor|message|part|position|control)s?\b)/,
  ],
  ["leads to: write opens, causes or redirects to", /\bleads? to\b/],
  ["stands: write is", /\bstands?\b(?! (for|in for)\b)/],
  ["needs of: write needs from", /\bneed(s|ed)? of\b/],
  ["also if, also when: write even if, even when", /(?<!\band )\balso (if|when)\b/],
  ["any more: write no longer", /\bany ?more\b/],
  ["belongs into: write belongs in", /\bbelongs? into\b/],
]);

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

const readers: Readonly<Record<string, (text: string) => string[]>> = {
  ".ts": proseInCode,
  ".js": proseInCode,
  ".css": proseInStylesheet,
  ".md": proseInMarkdown,
};

/** Returns the sentences that contain a word to avoid, each with its rule. */
function faultsIn(prose: readonly string[]): string[] {
  return prose.flatMap((sentence) =>
    [...avoided]
      .filter(([, words]) => words.test(sentence.toLowerCase()))
      .map(([rule]) => `${rule}\n  ${sentence}`),
  );
}

describe("the prose of the repository", () => {
  const folders = [
    ...["components", "adapter-koa", "create", "generators", "demo"].flatMap((name) => [
      `${name}/src`,
      `${name}/test`,
    ]),
    "create/template",
    "generators/templates",
    "create/template-mysql",
    ...["docs", "examples", "scripts", "bench", "test", ".github", ".changeset"],
  ];
  const pages = ["README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY"].map(
    (name) => `${name}.md`,
  );
  const files = [
    ...pages,
    ...["components", "adapter-koa", "create", "generators"].map((name) => `${name}/README.md`),
    ...folders.flatMap((folder) => filesUnder(root, folder)),
  ].filter((file) => !/\/(node_modules|dist|data)\//.test(file));

  it("avoids words that make sentences hard to read", () => {
    const faults = files.flatMap((file) => {
      const prose = readers[path.extname(file)];
      return prose === undefined ? [] : faultsIn(prose(read(file))).map((at) => `${file}: ${at}`);
    });
    assert.equal(faults.join("\n"), "");
  });

  it("is found in comments, titles, errors and paragraphs, but not in code", () => {
    const code = [
      "/** Tells the view. */",
      "// Whoever comes first.",
      'describe("a view", () => it("hears messages", () => {}));',
      'describeOnDatabases("nobody", () => {});',
      'throw new LiveError("LIVE_ERR_VIEW", `view is no function`, { expected: "a text" });',
      'const tell = "anew";',
    ].join("\n");
    assert.equal(faultsIn(proseInCode(code)).length, 6);
    assert.equal(
      faultsIn(proseInMarkdown("It is\nno page.\n\n```ts\ntell();\n```\n`told`")).length,
      1,
    );
    assert.equal(faultsIn(proseInStylesheet("/* Stands alone. */ .tell { color: red }")).length, 1);
  });

  it("may use these words with another meaning", () => {
    const fine = [
      "It is no longer there.",
      "There is no page.",
      "A text field is empty.",
      "`l` stands for a list.",
    ];
    assert.deepEqual(faultsIn(fine), []);
  });
});
