import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { type Node, parseSync, Visitor } from "oxc-parser";
import { minify } from "terser";

const components = path.resolve("components");
const packaged = createRequire(`${components}/package.json`).resolve("phoenix");
const sources = path.resolve(path.dirname(packaged), "../../assets/js/phoenix");

// Replaces the modules that the script-tag file does not need.
const replacements: Readonly<Record<string, string>> = {
  // Long polling is a lazy module, see below.
  "longpoll.js": "export default undefined",
  // HTTP requests. A socket uses only the function that adds parameters to its URL, and ours are flat.
  "ajax.js": `export default {
    appendParams: (url, params) => url + (url.includes("?") ? "&" : "?") + new URLSearchParams(params)
  }`,
  // Binary frames. `LiveSocket` passes its own functions that encode and decode text frames.
  "serializer.js": "export default { encode() {}, decode() {} }",
};

// Methods that are called only for an option that `LiveSocket` does not set, or for a relative URL.
const uncalled = ["log", "connectWithFallback", "protocol"];
/** Fields of options that `LiveSocket` does not set. */
const unusedOptions = [
  "authToken",
  "longPollFallbackMs",
  "fallbackTimer",
  "fallbackRef",
  "sessionStore",
  "primaryPassedHealthCheck",
  "logger",
];
const loggers = ["log", "hasLogger", "transportName", "endPointURL"];

/**
 * Bundles `Socket` from the sources of the phoenix package. Leaves out long polling, binary frames, presence, logs,
 * warnings and every method that is never called, and shortens the names that only phoenix uses. Changes nothing else.
 */
export const phoenixSocketOnly: Plugin = {
  name: "phoenix-socket-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^phoenix$/ }, ({ importer }) => ({
      path: path.basename(importer) === "long-poll.ts" ? "long-poll" : "socket",
      namespace: "phoenix",
    }));
    onLoad({ filter: /^socket$/, namespace: "phoenix" }, async () => {
      const ours = wordsOfOurs();
      const bundled = dropMethods(
        await withoutLogs(withoutOptions(withoutThrows(await bundleSocket()))),
        ours,
      );
      return { contents: await shortenNames(bundled, ours) };
    });
    // The names that the socket reads from a transport are not shortened, so this file can stay unchanged.
    onLoad({ filter: /^long-poll$/, namespace: "phoenix" }, () => ({
      contents: 'export { default as LongPoll } from "./longpoll.js"',
      resolveDir: sources,
    }));
  },
};

async function bundleSocket(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: 'export { default as Socket } from "./socket.js"', resolveDir: sources },
    bundle: true,
    format: "esm",
    write: false,
    plugins: [
      {
        name: "replacements",
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.js$/ }, (file) => {
            const contents = replacements[path.basename(file.path)];
            return contents === undefined ? undefined : { contents };
          }),
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

/** Returns every word of our own source. A name among them may be a member of phoenix that we use. */
function wordsOfOurs(): Set<string> {
  const files = readdirSync(`${components}/src`, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(`${components}/src/${file}`, "utf8"));
  return new Set(texts.join(" ").match(/\w+/g));
}

/** Removes the errors of wrong calls. Only our code calls phoenix, and the tests run it with the unchanged package. */
function withoutThrows(code: string): string {
  const throws: Node[] = [];
  new Visitor({ ThrowStatement: (node) => throws.unshift(node) }).visit(
    parseSync("phoenix.js", code).program,
  );
  return throws.reduce(
    (rest, { start, end }) => `${rest.slice(0, start)};${rest.slice(end)}`,
    code,
  );
}

/** Removes options that `LiveSocket` does not set, and the code for them. */
function withoutOptions(code: string): string {
  const names = unusedOptions.join("|");
  return (
    code
      .replaceAll(new RegExp(`^ *this\\.(${names}) = [^\n]*;$`, "gm"), "")
      .replaceAll(new RegExp(`\\bthis\\.(${names})\\b`, "g"), "undefined")
      .replaceAll(
        /\bopts\.(?!params|heartbeatIntervalMs|reconnectAfterMs|rejoinAfterMs|encode|decode)\w+/g,
        "undefined",
      )
      .replaceAll(/if \(opts\.(rejoinAfterMs|reconnectAfterMs)\)/g, "if (true)")
      // The URL of a LiveSocket is absolute, and its connect() has no arguments.
      .replace('if (uri.charAt(0) !== "/")', "if (true)")
      .replace("if (params) {", "if (false) {")
      .replaceAll(/\bclearTimeout\(undefined\);/g, "")
      .replaceAll(/\bthis\.(socket\.)?hasLogger\(\)/g, "false")
      .replaceAll(/^ *this\.default(En|De)coder = .*;$/gm, "")
      .replaceAll(/ \|\| this\.default(En|De)coder\b/g, "")
      .replace("this.transport !== longpoll_default", "true")
      .replaceAll(/\b(opts\.(?:params|heartbeatIntervalMs)) \|\| [\w{}]+/g, "$1")
      // No channel overrides `onMessage`.
      .replace("this.onMessage(event, payload, ref, joinRef)", "payload")
      .replace(/onMessage\(_event, payload, _ref\) \{\s*return payload;\s*\}/, "")
      // The script-tag file runs in browsers only.
      .replaceAll(/typeof (self|window) !== "undefined" \? \1 : null/g, "$1")
      .replaceAll(/\bphxWindow && phxWindow\.addEventListener\b/g, "true")
      .replaceAll(/\bphxWindow && (?=phxWindow\.document \?)/g, "")
      .replaceAll(/\bphxWindow\.document(?: && (?=phxWindow\.document)| \?(.*) : false)/g, "$1")
  );
}

async function withoutLogs(code: string): Promise<string> {
  const { code: quiet = "" } = await minify(code, {
    module: true,
    compress: {
      pure_getters: true,
      drop_console: true,
      pure_funcs: loggers.flatMap((name) => [`this.${name}`, `this.socket.${name}`]),
    },
    mangle: false,
    format: { beautify: true },
  });
  return quiet;
}

/** Removes the methods that are never called, then repeatedly those that the remaining code does not name. */
function dropMethods(code: string, ours: ReadonlySet<string>): string {
  const { methods, mentions } = namesIn(code);
  const isNamed = (name: string): boolean => ours.has(name) || (mentions.get(name) ?? 0) > 1;
  const dropped = methods.find(({ name }) => uncalled.includes(name) || !isNamed(name));
  if (!dropped) return code;
  return dropMethods(code.slice(0, dropped.start) + code.slice(dropped.end), ours);
}

/**
 * Shortens the names of phoenix's own members. Its other names belong to the browser, to our options or, in an object
 * literal, to the wire protocol.
 */
async function shortenNames(code: string, ours: ReadonlySet<string>): Promise<string> {
  const { methods, fields, literals } = namesIn(code);
  const kept = new Set([...ours, ...literals]);
  const names = [...methods.map(({ name }) => name), ...fields].filter((name) => !kept.has(name));
  const { code: short = "" } = await minify(code, {
    module: true,
    mangle: { properties: { regex: new RegExp(`^(${names.join("|")})$`) } },
  });
  return short;
}

function namesIn(code: string) {
  const methods: { name: string; start: number; end: number }[] = [];
  const fields: string[] = [];
  const literals: string[] = [];
  const mentions = new Map<string, number>();
  new Visitor({
    Identifier: ({ name }) => mentions.set(name, (mentions.get(name) ?? 0) + 1),
    MethodDefinition: ({ key, kind, start, end }) => {
      if (key.type === "Identifier" && kind !== "constructor")
        methods.push({ name: key.name, start, end });
    },
    Property: ({ key }) => {
      if (key.type === "Identifier") literals.push(key.name);
    },
    AssignmentExpression: ({ left }) => {
      if (left.type !== "MemberExpression" || left.object.type !== "ThisExpression") return;
      if (left.property.type === "Identifier") fields.push(left.property.name);
    },
  }).visit(parseSync("phoenix.js", code).program);
  return { methods, fields, literals, mentions };
}
