import { createRequire } from "node:module";
import path from "node:path";
import type { Plugin } from "esbuild";

const components = createRequire(path.resolve("components/package.json"));
const sources = path.resolve(path.dirname(components.resolve("phoenix")), "../../assets/js/phoenix");

// What stands in for the modules that the script tag has no use for.
const replacements: Readonly<Record<string, string>> = {
  // The transport of browsers without WebSockets.
  "longpoll.js": "export default undefined",
  // HTTP requests; a socket takes from it only how its URL gets parameters, and ours are flat.
  "ajax.js": `export default {
    appendParams: (url, params) => url + (url.includes("?") ? "&" : "?") + new URLSearchParams(params)
  }`,
  // Binary frames; `LiveSocket` has its own way to write and read text.
  "serializer.js": "export default { encode() {}, decode() {} }",
};

/**
 * Takes `Socket` from the sources of the phoenix package, without what they carry along for others: long
 * polling, binary frames, presence.
 */
export const phoenixSocketOnly: Plugin = {
  name: "phoenix-socket-only",
  setup(build) {
    build.onResolve({ filter: /^phoenix$/ }, () => ({ path: "phoenix", namespace: "phoenix" }));
    build.onLoad({ filter: /.*/, namespace: "phoenix" }, () => ({
      contents: 'export { default as Socket } from "./socket.js"',
      resolveDir: sources,
    }));
    build.onLoad({ filter: /\/phoenix\/assets\/js\/phoenix\/\w+\.js$/ }, ({ path: file }) => {
      const contents = replacements[path.basename(file)];
      return contents === undefined ? undefined : { contents };
    });
  },
};
