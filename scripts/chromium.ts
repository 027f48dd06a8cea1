import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Launcher } from "chrome-launcher";
import { installWithApt } from "./apt.js";

const advice = "Install Chrome or Chromium, or set CHROME_PATH to the path of its executable.";

/** Debian's Chromium without windows. It loads a page in half the CPU time. */
const headlessShell = "/usr/bin/chromium-headless-shell";

/** Browsers of the tests: paths of executables. */
export interface Chromiums {
  /** A Chrome or Chromium with everything that users have, such as profiles and the back/forward cache. */
  readonly desktop: string;
  /** The fastest Chromium for pages that do not need this. */
  readonly fast: string;
}

/**
 * Returns the paths of Chrome or Chromium: the value of `CHROME_PATH`, or installed ones. As root on Debian and related
 * systems it installs them with apt if necessary.
 *
 * @throws Error with advice if no browser was found
 */
export function findChromiums(): Chromiums {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (runs(given)) return { desktop: given, fast: given };
    throw new Error(`CHROME_PATH is ${given}, which does not start. ${advice}`);
  }
  const desktop =
    installed() ?? install("chromium", "chromium-headless-shell") ?? install("chromium");
  if (!desktop) throw new Error(`no Chrome or Chromium was found. ${advice}`);
  return { desktop, fast: runs(headlessShell) ? headlessShell : desktop };
}

const install = (...names: string[]): string | undefined =>
  installWithApt(...names) ? installed() : undefined;

function installed(): string | undefined {
  try {
    return Launcher.getInstallations().find(runs);
  } catch {
    return undefined; // On Linux the launcher throws if it finds none.
  }
}

function runs(executable: string): boolean {
  if (process.platform === "win32") return existsSync(executable); // On Windows --version opens a window.
  try {
    execFileSync(executable, ["--version"], { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
