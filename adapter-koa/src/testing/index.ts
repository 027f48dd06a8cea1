export type { TestedApp } from "./browser/app-server.js";
export type { CookieJar } from "./browser/cookie-jar.js";
export type { FollowedRedirect } from "./browser/page-loader.js";
export type { VisitOptions } from "./browser/tab.js";
export type { FormValue, FormValues } from "./forms/filled-value.js";
export type { ChosenFile, LiveFiles } from "./forms/live-files.js";
export type {
  ChangeOptions,
  LiveForm,
  SubmitOptions,
  UncheckedOptions,
} from "./forms/live-form.js";
export { type CheckLevel, type PageChecks, setPageChecks } from "./html/page-checks.js";
export type { LiveElement } from "./page/live-element.js";
export type { KeyOptions, LiveWindow } from "./page/live-window.js";
export type { NestedView } from "./page/nested-view.js";
export type { Page } from "./page/page.js";
export { toHtml } from "./template-html.js";
export { viewsAreIdle } from "./views-are-idle.js";
export { visit } from "./visit.js";
export { type VisitViewOptions, visitView } from "./visit-view.js";
