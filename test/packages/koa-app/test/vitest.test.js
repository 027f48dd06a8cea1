import { it } from "vitest";
import { counts, fails, tellsWhatTheViewThrew } from "./counter.js";

it("counts", counts);
it("reports the error that the view threw", tellsWhatTheViewThrew);
it("fails", fails);
