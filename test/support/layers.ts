import path from "node:path";
import type { Import } from "./imports.js";

/** What the files of one place may not import, types included. */
interface Rule {
  readonly says: string;
  /** The files that the rule is about. */
  readonly files: RegExp;
  readonly forbids: (imported: Import) => boolean;
}

const koa = /^(koa|koa-.*|@koa\/.*|ws)$/;
const http = /^node:(https?|http2)$/;
const isFile = (to: string) =>
  /^(components|adapter-koa|create|generators|demo)\//.test(to) || to.startsWith("..");

/** The folders of `components/src/client`, with the folders that each may import. */
const clientFolders: Readonly<Record<string, readonly string[]>> = {
  connection: [],
  page: ["navigation"],
  forms: ["bindings"],
  uploads: ["bindings", "connection"],
  commands: ["bindings"],
  rendering: ["bindings", "forms"],
  navigation: ["bindings", "page", "rendering"],
  bindings: ["commands", "forms", "navigation", "rendering", "uploads"],
  view: ["bindings", "connection", "navigation", "rendering"],
};
/** The folders of `live`, `koa` and `testing` in `adapter-koa/src`, with the folders beside them that each may import. */
const adapterFolders: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  live: {
    socket: [],
    uploads: ["socket"],
    declarations: ["socket", "uploads"],
    "pub-sub": [],
    topics: ["pub-sub", "socket"],
    hooks: ["declarations", "socket"],
    components: ["declarations", "socket"],
    nested: ["components", "declarations", "socket"],
    tracing: ["socket"],
    presence: ["runtime", "socket"],
    hibernation: [],
    runtime: [
      "components",
      "declarations",
      "hibernation",
      "nested",
      "pub-sub",
      "socket",
      "tracing",
      "uploads",
    ],
  },
  koa: {
    session: [],
    page: ["session"],
    connection: ["page", "session"],
    transports: ["connection", "session"],
  },
  testing: {
    html: [],
    browser: ["html"],
    forms: ["browser", "html"],
    page: ["browser", "forms", "html"],
  },
};
/** Returns for `adapter-koa/src/koa/page/document.ts` the names `koa` and `page`. */
const adapterFolder = (file: string): readonly (string | undefined)[] =>
  /^adapter-koa\/src\/([^/]+)\/(?:([^/]+)\/)?/.exec(file)?.slice(1) ?? [];
const clientFile = /^components\/src\/client\//;
const clientFolder = (file: string) => /^components\/src\/client\/([^/]+)\//.exec(file)?.[1];
// The script that every page loads contains form-control.ts and form-members.ts: rendering uses them too.
const lazyFile =
  /^components\/src\/client\/(page|commands|uploads|forms\/(?!form-(control|members)\.ts)|bindings\/input\.ts|rendering\/foreign-changes\.ts)/;

/** The layers of DESIGN.md 3 and the shape that STYLE.md asks for. */
const rules: readonly Rule[] = [
  {
    says: "the wire protocol imports nothing",
    files: /^components\/src\/protocol\//,
    forbids: ({ to }) => !to.startsWith("components/src/protocol/"),
  },
  {
    says: "the client knows no elements",
    files: /^components\/src\/client\//,
    forbids: ({ to }) =>
      /^components\/src\/(index|define|light-|live-(session|flash|notifications))/.test(to),
  },
  {
    says: "a folder of the client imports only the folders that layers.ts lists for it",
    files: clientFile,
    forbids: ({ from, to }) => {
      const [folder, other] = [clientFolder(from), clientFolder(to)];
      return !!other && other !== folder && !clientFolders[folder ?? ""]?.includes(other);
    },
  },
  {
    says: "a folder of live/, koa/ or testing/ imports only the folders that layers.ts lists for it",
    files: /^adapter-koa\/src\/(live|koa|testing)\/[^/]+\//,
    forbids: ({ from, to }) => {
      const [area = "", folder = ""] = adapterFolder(from);
      const [otherArea, other] = adapterFolder(to);
      if (other === undefined || area !== otherArea || folder === other) return false;
      return !adapterFolders[area]?.[folder]?.includes(other);
    },
  },
  {
    says: "a folder of koa/ does not import live.ts, which assembles the folders",
    files: /^adapter-koa\/src\/koa\/[^/]+\//,
    forbids: ({ to }) => to === "adapter-koa/src/koa/live.ts",
  },
  {
    says: "a folder of testing/ imports only failure.ts from the files above it",
    files: /^adapter-koa\/src\/testing\/[^/]+\//,
    forbids: ({ to }) => /^adapter-koa\/src\/testing\/(?!failure\.ts)[^/]+$/.test(to),
  },
  {
    says: "render/ does not import render/html/, which encodes its trees",
    files: /^adapter-koa\/src\/render\/[^/]+$/,
    forbids: ({ to }) => to.startsWith("adapter-koa/src/render/html/"),
  },
  {
    says: "modules that are loaded lazily are imported by type or by import()",
    files: /^components\/src\/client\/(?!(page|forms|commands|uploads)\/|bindings\/input\.ts)/,
    forbids: ({ to, typeOnly, isDynamic }) => !typeOnly && !isDynamic && lazyFile.test(to),
  },
  {
    says: "modules that are loaded lazily import only types from the rest of the client",
    files: lazyFile,
    forbids: ({ from, to, typeOnly }) =>
      !typeOnly &&
      clientFile.test(to) &&
      clientFolder(to) !== clientFolder(from) &&
      !lazyFile.test(to),
  },
  {
    says: "components run in the browser and know no server",
    files: /^components\//,
    forbids: ({ to }) => /^(node:|@live-session\/|demo$)/.test(to) || koa.test(to),
  },
  {
    says: "the adapter takes only the protocol from components, and knows no demo",
    files: /^adapter-koa\//,
    forbids: ({ to }) =>
      /^(@live-session\/|demo$)/.test(to) &&
      !/^@live-session\/components\/protocol(\/uploads)?$/.test(to),
  },
  {
    says: "only adapter-koa/src/koa knows Koa, ws and HTTP",
    files: /^adapter-koa\/src\/(?!koa\/|testing\/)/,
    forbids: ({ to }) => koa.test(to) || http.test(to),
  },
  {
    says: "the test kit is an HTTP client and knows no Koa, but for the app around a view by itself",
    files: /^adapter-koa\/src\/testing\/(?!visit-view\.ts)/,
    forbids: ({ to }) => koa.test(to) && to !== "ws",
  },
  {
    says: "nothing in production knows the test kit",
    files: /^(components|adapter-koa|demo)\/src\/(?!testing\/)/,
    forbids: ({ to }) =>
      /^(adapter-koa\/src\/testing\/|@live-session\/adapter-koa\/testing$)/.test(to),
  },
  {
    says: "live sessions and rendering know nothing of what serves them",
    files: /^adapter-koa\/src\/(live|render)\//,
    forbids: ({ to }) => isFile(to) && !/^adapter-koa\/src\/(live|render)\//.test(to),
  },
  {
    says: "accounts know no Koa and no live session",
    files: /^demo\/src\/accounts\//,
    forbids: ({ to }) =>
      /^(@live-session\/|lit|demo\/src\/web\/)/.test(to) || koa.test(to) || http.test(to),
  },
  {
    says: "the packages that write apps know nothing of the library",
    files: /^(create|generators)\//,
    forbids: ({ to }) => /^(@live-session\/|lit$|demo$)/.test(to) || koa.test(to),
  },
  {
    says: "a package's sources import one another and, by name, other packages",
    files: /./,
    forbids: ({ from, to }) => isFile(to) && !to.startsWith(`${from.split("/")[0]}/src/`),
  },
  {
    says: "an index is for those outside of its folder",
    files: /./,
    forbids: ({ from, to }) =>
      path.posix.basename(to) === "index.ts" && from.startsWith(path.posix.dirname(to)),
  },
];

/** What breaks the layers, one line each: who imports what, and the rule that says it may not. */
export function findViolations(imports: readonly Import[]): string[] {
  return imports.flatMap((imported) =>
    rules
      .filter(({ files, forbids }) => files.test(imported.from) && forbids(imported))
      .map(({ says }) => `${imported.from} imports ${imported.to}: ${says}`),
  );
}

const elementLookup =
  /\bquerySelector(?:All)?(?:<[^(]*>)?\(\s*["'`][^"'`]*\b(?:live-(?:session|flash|notifications)|light-nav)\b/;

/** Whether code searches the page for an element of the library. The client may not: elements pass themselves to it. */
export const findsElements = (code: string): boolean => elementLookup.test(code);
