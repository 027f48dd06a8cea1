import { z } from "zod";
import type { Database } from "../database.js";
import { checkFields, type FieldErrors, fieldErrors } from "../fields.js";

const MAX_COMMENT = 1000;
const MAX_NAME = 100;

/** The questions of the feedback form, in order. */
export const questions = ["rating", "comment", "name"] as const;

/** A question of the feedback form. */
export type Question = (typeof questions)[number];

/** The answers so far. A question without an answer is missing. */
export type Answers = { readonly [Name in Question]?: string };

const feedbackSchema = z.object({
  rating: z.enum(["1", "2", "3", "4", "5"], { error: "choose one" }),
  comment: text(MAX_COMMENT).pipe(z.string().min(1, "can't be blank")),
  name: text(MAX_NAME),
});

/** Validates and stores feedback. */
export interface Feedback {
  /** Returns the errors of the answer to a question; empty if it is valid. */
  check(question: Question, answers: Answers): FieldErrors;
  /** Stores the answers. Returns their errors if they are not valid. */
  give(answers: Answers): Promise<FieldErrors>;
}

/** Creates the storage of feedback. */
export function createFeedback({ knex }: Database): Feedback {
  return {
    check(question, answers) {
      const errors = fieldErrors(feedbackSchema, answers)[question];
      return errors ? { [question]: errors } : {};
    },
    async give(answers) {
      const checked = checkFields(feedbackSchema, answers);
      if (!checked.ok) return checked.errors;
      const { rating, comment, name } = checked.values;
      const row = { rating: Number(rating), comment, name, inserted_at: new Date() };
      await knex("feedback").insert(row);
      return {};
    },
  };
}

/** A string without the white space around it. */
function text(maxLength: number) {
  return z.string().trim().max(maxLength, `should be at most ${maxLength} character(s)`);
}
