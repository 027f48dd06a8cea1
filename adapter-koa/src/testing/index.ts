export type { FormValue, FormValues } from "./forms/form-fields.js";
export type {
  ChangeOptions,
  LiveForm,
  SubmitOptions,
  UncheckedOptions,
} from "./forms/live-form.js";
export type { LiveElement } from "./page/live-element.js";
export type { KeyOptions, LiveWindow } from "./page/live-window.js";
export type { Page } from "./page/page.js";
export { type CheckLevel, type PageChecks, setPageChecks } from "./page/page-checks.js";
export type { VisitOptions } from "./page/tab.js";
export type { TestedApp } from "./server/app-server.js";
export type { CookieJar } from "./server/cookie-jar.js";
export type { FollowedRedirect } from "./server/page-load.js";
export { toHtml } from "./template-html.js";
export { viewsAreIdle } from "./views-are-idle.js";
export { visit } from "./visit.js";
export { type VisitViewOptions, visitView } from "./visit-view.js";
