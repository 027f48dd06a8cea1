import type { PlannedEdit } from "../plan/plan.js";

/** The packages that accounts use. A test compares the versions with those of the demo. */
export const packages = {
  dependencies: {
    "@koa/router": "^15.7.0",
    "@node-rs/argon2": "^2.2.1",
    bowser: "^2.15.1",
    nodemailer: "^10.6.0",
    "rate-limiter-flexible": "^11.4.0",
  },
  devDependencies: { "@types/nodemailer": "^8.0.2" },
} as const;

/** Plans to add the packages that accounts use. */
export function editPackage(): PlannedEdit {
  return {
    path: "package.json",
    apply(text) {
      const app = JSON.parse(text);
      let isComplete = true;
      for (const [group, added] of Object.entries(packages)) {
        const missing = Object.entries(added).filter(([name]) => !(name in (app[group] ?? {})));
        if (missing.length > 0) isComplete = false;
        const all = { ...app[group], ...Object.fromEntries(missing) };
        app[group] = Object.fromEntries(
          Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)),
        );
      }
      return isComplete ? text : `${JSON.stringify(app, null, 2)}\n`;
    },
    manual: JSON.stringify(packages, null, 2),
  };
}
