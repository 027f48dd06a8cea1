import { readFile } from "node:fs/promises";
import { type Plugin, transform } from "esbuild";

const literal = /\bcss`([^`]*)`/g;

/** Minifies the stylesheets in the `css` literals of our elements, which JavaScript minifiers leave alone. */
export const minifiedStyles: Plugin = {
  name: "minified-styles",
  setup(build) {
    build.onLoad({ filter: /\/components\/src\/[^/]+\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [whole, stylesheet = ""] of contents.matchAll(literal)) {
        const { code } = await transform(stylesheet, { loader: "css", minify: true });
        contents = contents.replace(whole, () => `css\`${code.trim()}\``);
      }
      return { contents, loader: "ts" };
    });
  },
};
