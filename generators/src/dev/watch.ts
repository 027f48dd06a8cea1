import path from "node:path";
import { watch } from "chokidar";

/** Editors write a file in several steps, and chokidar reports a file at most every 50 ms. */
const SETTLE_MS = 60;

/** Files in the folder of the app that decide about its packages and its environment. */
const settings = [
  ".env",
  "package.json",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "tsconfig.json",
];

/** The steps that a set of changed files makes necessary. */
export interface Changes {
  /** Stylesheets, by the end of their URL. Pages load them again. */
  readonly styles: readonly string[];
  /** Whether the app must restart. */
  readonly restarts: boolean;
  /** Whether it must restart in a new process, because its packages or its environment may have changed. */
  readonly renews: boolean;
  /** Whether pages must be loaded again: their document or their scripts have changed. */
  readonly reloads: boolean;
}

/** Decides what changed files make necessary. `isModule` returns whether the app has loaded a file as a module. */
export function classify(
  files: readonly string[],
  isModule: (file: string) => boolean = () => false,
): Changes {
  const styles = files.filter((file) => file.endsWith(".css"));
  const modules = files.filter((file) => /\.(?:[mc]?tsx?|json)$/.test(file) || isModule(file));
  const scripts = files.filter(
    (file) => /\.(?:[mc]?js|svg|png|html)$/.test(file) && !isModule(file),
  );
  const renews = files.some((file) => settings.includes(file));
  return {
    styles: styles.map((file) => path.basename(file)),
    restarts: modules.length > 0 || renews,
    renews,
    reloads: scripts.length > 0 || modules.some((file) => /root-layout|stylesheets/.test(file)),
  };
}

/**
 * Watches the folder of an app's modules, and the files in the folder of the app that decide about its packages. Calls
 * `onChange` with paths relative to the folder of the app. Returns a function that ends this.
 */
export function watchApp(
  root: string,
  folder: string,
  onChange: (files: readonly string[]) => void,
): () => void {
  let files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  // On Linux, the watcher of Node 20 loses track of a file that an editor replaces.
  const watcher = watch([folder, ...settings], {
    cwd: root,
    // Emacs marks an open file with a link whose name begins with ".#".
    ignored: /(?:^|[\\/])(?:(?:node_modules|\.git)(?:[\\/]|$)|\.#)/,
    ignoreInitial: true,
  }).on("all", (_event, file) => {
    files.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changed = [...files];
      files = new Set();
      onChange(changed);
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    void watcher.close();
  };
}
