import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Plugin, transform } from "esbuild";
import { type Node, parseSync, Visitor } from "oxc-parser";

const literal = /\bcss`([^`]*)`/g;

/**
 * Minifies the stylesheets in the `css` literals of our elements, which JavaScript minifiers leave alone. The
 * tag is for stylesheets with expressions; none of ours has any, so it is left out.
 */
export const minifiedStyles: Plugin = {
  name: "minified-styles",
  setup({ onLoad }) {
    onLoad({ filter: /\/components\/src\/[^/]+\.ts$/ }, async (file) => {
      let contents = await readFile(file.path, "utf8");
      for (const [whole, stylesheet = ""] of contents.matchAll(literal)) {
        const { code } = await transform(stylesheet, { loader: "css", minify: true });
        contents = contents.replace(whole, () => `unsafeCSS(${JSON.stringify(code.trim())})`);
      }
      if (contents.includes("unsafeCSS(")) contents = `import { unsafeCSS } from "lit";${contents}`;
      return { contents, loader: "ts" };
    });
  },
};

/**
 * Reduces the one object with which Lit serves its server renderer and its hydration alike to the members that
 * hydration names. A module would lose the others by itself, an object does not.
 */
export const hydrationOnly: Plugin = {
  name: "hydration-only",
  setup({ onLoad, resolve }) {
    onLoad({ filter: /\/lit-html\/private-ssr-support\.js$/ }, async (file) => {
      const hydrate = await resolve("@lit-labs/ssr-client", {
        kind: "import-statement",
        resolveDir: path.resolve("components"),
      });
      const user = await readFile(
        path.join(path.dirname(hydrate.path), "lib/hydrate-lit-html.js"),
        "utf8",
      );
      const named = new Set(user.match(/\w+/g));
      const contents = await readFile(file.path, "utf8");
      return { contents: dropMembers(contents, named) };
    });
  },
};

/** Errors whose messages no one sees: the client catches those of hydration, and no page can cause those of stylesheets. */
const message = /\bError\((?:"[^"]*"(?:\+t\+"[^"]*")?|`[^`]*`)\)/g;
/** Checks for browsers without shadow roots or constructed stylesheets, which do not run ES2022 either. */
const stylesheetCheck = /\b\w\.ShadowRoot&&[^,]+"replace"in CSSStyleSheet\.prototype/;
/** Functions of Lit's polyfills for the same browsers. */
const polyfill = /\b\w+\.\w+PolyfillSupport\b/g;

/** Removes parts of Lit that the script tag does not need: messages that no one sees, and support of old browsers. */
export const leanLit: Plugin = {
  name: "lean-lit",
  setup({ onLoad }) {
    onLoad({ filter: /\/(hydrate-lit-html|css-tag)\.js$/ }, async (file) => {
      const contents = await readFile(file.path, "utf8");
      return { contents: contents.replaceAll(message, "Error()").replace(stylesheetCheck, "true") };
    });
    onLoad({ filter: /\/(reactive-element|lit-html|lit-element)\.js$/ }, async (file) => {
      const contents = await readFile(file.path, "utf8");
      return { contents: contents.replaceAll(polyfill, "undefined") };
    });
  },
};

/** Drops the members of the objects of a module that are not among the names. */
function dropMembers(code: string, named: ReadonlySet<string>): string {
  const unused: Node[] = [];
  new Visitor({
    ObjectExpression: ({ properties }) => {
      for (const member of properties) {
        if (
          member.type === "Property" &&
          member.key.type === "Identifier" &&
          !named.has(member.key.name)
        )
          unused.push(member);
      }
    },
  }).visit(parseSync("support.js", code).program);
  const [first] = unused;
  if (!first) return code;
  return dropMembers(code.slice(0, first.start) + code.slice(first.end).replace(/^,/, ""), named);
}
