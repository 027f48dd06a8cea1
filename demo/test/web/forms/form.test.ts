import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  changedForm,
  filledForm,
  OOPS,
  refuse,
  refusedForm,
  untouchedForm,
} from "../../../src/web/forms/form.js";

const errors = { email: ["is invalid"], password: ["can't be blank"] };

describe("a form", () => {
  it("is empty at first or shows saved values", () => {
    assert.deepEqual(untouchedForm, { values: {}, errors: {}, message: null });
    assert.deepEqual(filledForm({ email: "a@b" }).values, { email: "a@b" });
  });

  it("shows only errors of used fields while it is filled in", () => {
    const params = { email: "a b", _unused_password: "", password: "" };
    assert.deepEqual(changedForm(params, errors), {
      values: { email: "a b" },
      errors: { email: ["is invalid"] },
      message: null,
    });
  });

  it("shows all errors and the message when it is refused", () => {
    const params = { email: "a b", _unused_password: "", password: "" };
    assert.deepEqual(refusedForm(params, refuse(errors)), {
      values: { email: "a b" },
      errors,
      message: OOPS,
    });
  });

  it("keeps neither passwords nor values that are not strings", () => {
    assert.deepEqual(changedForm({ email: { x: "1" }, password: "secret" }, {}).values, {});
    for (const params of [undefined, null, "text", ["a"]])
      assert.deepEqual(changedForm(params, {}), untouchedForm);
  });
});
