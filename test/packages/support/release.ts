import { after, before } from "node:test";
import {
  makeRelease,
  type Release,
  releaseIn,
  releaseVariable,
  removeRelease,
} from "../../../scripts/release.js";

/**
 * Provides the release that `npm test` has made for the tests of the packages, or makes one for the surrounding suite.
 *
 * @returns a function that returns the release while the tests of the suite run
 */
export function useRelease(): () => Release {
  let folder = process.env[releaseVariable];
  const isShared = folder !== undefined;
  before(async () => {
    folder ??= await makeRelease();
  });
  after(() => {
    if (folder !== undefined && !isShared) removeRelease(folder);
  });
  return () => releaseIn(folder ?? "");
}
