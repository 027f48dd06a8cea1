import { describeDemo } from "./support/demo-smoke.js";

describeDemo("firefox");
