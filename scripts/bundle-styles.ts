import { readFile } from "node:fs/promises";
import { type Plugin, transform } from "esbuild";

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
