import { createHash } from "node:crypto";
import {
  LightNavElement,
  LiveFlashElement,
  LiveNotificationsElement,
} from "@live-session/components";
import type { CSSResultOrNative } from "lit";

const elements = [LightNavElement, LiveFlashElement, LiveNotificationsElement];

const textOf = (style: CSSResultOrNative): string => ("cssText" in style ? style.cssText : "");

/** Returns the source expression that allows one inline `<style>` by its text. */
const toHash = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * The Content-Security-Policy of the site. The only inline code it allows is the styles of the elements,
 * by their hash: server-rendered HTML repeats them in each instance.
 */
export const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: [
      "'self'",
      ...elements.map(({ elementStyles }) => toHash(elementStyles.map(textOf).join(""))),
    ],
    // `blob:` is for the previews of chosen files.
    imgSrc: ["'self'", "data:", "blob:"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'self'"],
  },
};
