import { existsSync } from "node:fs";
import { installWithApt } from "../apt.js";

const paths = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/**
 * Returns the path of a Firefox: the one of `FIREFOX_PATH`, else an installed one, else, as root on Debian
 * and its derivatives, one that this function installs with apt.
 *
 * @throws Error that names the package, if there is none.
 */
export function findFirefox(): string {
  const find = () => [process.env.FIREFOX_PATH ?? "", ...paths].find((path) => existsSync(path));
  const found = find() ?? (installWithApt("firefox-esr") ? find() : undefined);
  if (!found)
    throw new Error("Firefox was not found. Install firefox-esr, or set FIREFOX_PATH to its path.");
  return found;
}
