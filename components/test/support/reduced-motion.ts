import type { CSSResultOrNative } from "lit";

/**
 * Makes the page see the user's preference for reduced motion while `run` runs: in scripts, and in the styles
 * of elements. It works without a command of the browser, which Firefox and WebKit do not have.
 */
export async function withReducedMotion(
  styles: readonly CSSResultOrNative[],
  run: () => Promise<void>,
): Promise<void> {
  const { matchMedia } = window;
  window.matchMedia = (query) =>
    ({ matches: query === "(prefers-reduced-motion: reduce)" }) as MediaQueryList;
  const rules = styles.flatMap(motionRules);
  for (const { media } of rules) media.mediaText = "not all";
  try {
    await run();
  } finally {
    window.matchMedia = matchMedia;
    for (const { media } of rules) media.mediaText = noPreference;
  }
}

const noPreference = "(prefers-reduced-motion: no-preference)";

/** The rules of a style sheet that apply only without the preference. */
function motionRules(style: CSSResultOrNative): CSSMediaRule[] {
  const sheet = style instanceof CSSStyleSheet ? style : style.styleSheet;
  return [...(sheet?.cssRules ?? [])].filter(
    (rule): rule is CSSMediaRule =>
      rule instanceof CSSMediaRule && rule.media.mediaText === noPreference,
  );
}
