import { liveView, type Socket } from "@live-session/adapter-koa";
import { html, nothing, type TemplateResult } from "lit";
import { type Answers, type Feedback, type Question, questions } from "../../feedback/feedback.js";
import { type FieldErrors, toFields } from "../../fields.js";
import { quickQuestion } from "./quick-question.js";

interface Own {
  /** The index of the question that is shown; the number of questions when all have been answered. */
  readonly step: number;
  readonly answers: Answers;
  readonly errors: FieldErrors;
  /** The number of mounts that have shown this form. */
  readonly mounts: number;
}

/**
 * Feedback for the talk in three steps. The browser keeps the step and the answers, so that they survive a deployment, a
 * lost connection and a reload.
 */
export const feedbackLive = (feedback: Feedback) =>
  liveView("FeedbackLive", {
    types: {} as { own: Own },
    keep: { assigns: ["step", "answers", "mounts"], reload: true },
    mount({ kept, socket }) {
      const { step = 0, answers = {}, mounts = 0 } = kept;
      socket.assign({ step, answers, errors: {}, mounts: mounts + 1 });
      socket.pageTitle = "Feedback";
    },
    handleEvent: {
      change({ payload, socket }) {
        socket.assign({ answers: withAnswer(socket.assigns, payload), errors: {} });
      },
      async next({ payload, socket }) {
        const answers = withAnswer(socket.assigns, payload);
        const question = questions[socket.assigns.step];
        if (question === undefined) return;
        const isLast = socket.assigns.step === questions.length - 1;
        const errors = isLast ? await feedback.give(answers) : feedback.check(question, answers);
        socket.assign({ answers, errors });
        if (Object.keys(errors).length === 0) goTo(socket, socket.assigns.step + 1);
      },
      back({ socket }) {
        goTo(socket, Math.max(0, socket.assigns.step - 1));
      },
      again({ socket }) {
        socket.assign({ answers: {} });
        goTo(socket, 0);
      },
    },
    render: ({ step, answers, errors, mounts }) => {
      const question = questions[step];
      return html`
        <div class="narrow">
          <h1>Feedback</h1>
          ${question === undefined ? thanks(answers) : form({ question, step, answers, errors })}
          <p class="muted">
            This form has been mounted <strong>${mounts}</strong> ${mounts === 1 ? "time" : "times"}. Reload the page or
            restart the server: the answers stay.
          </p>
        </div>`;
    },
  });

function goTo(socket: Socket<Own>, step: number): void {
  socket.assign({ step, errors: {} });
}

/** Adds the answer of a form to the answers. Fields of other questions are ignored. */
function withAnswer({ step, answers }: Pick<Own, "step" | "answers">, payload: unknown): Answers {
  const question = questions[step];
  const value = question && toFields(toFields(payload).feedback)[question];
  return question && typeof value === "string" ? { ...answers, [question]: value } : answers;
}

type Shown = Pick<Own, "step" | "answers" | "errors"> & { readonly question: Question };

function form({ question, step, answers, errors }: Shown): TemplateResult {
  const isLast = step === questions.length - 1;
  return html`
    <form id="feedback_form" class="card" method="post" live-change="change" live-submit="next" novalidate>
      <p class="muted">Step ${step + 1} of ${questions.length}</p>
      ${fields[question](answers[question] ?? "", (errors[question] ?? []).join(". "))}
      <p class="actions">
        ${step > 0 ? html`<button type="button" class="secondary" live-click="back">Back</button>` : nothing}
        <button>${isLast ? "Send" : "Next"}</button>
      </p>
      <noscript><p>This form needs JavaScript.</p></noscript>
    </form>`;
}

const ratings = ["1", "2", "3", "4", "5"];

const fields: Readonly<Record<Question, (value: string, error: string) => TemplateResult>> = {
  rating: (value, error) => html`
    <fieldset class="field" aria-describedby=${error ? "feedback_error" : nothing}>
      <legend>How did you like the talk? (5 is best)</legend>
      ${ratings.map(
        (rating) => html`
          <label class="choice">
            <input type="radio" name="feedback[rating]" value=${rating} ?checked=${rating === value}> ${rating}
          </label>`,
      )}
      ${errorOf(error)}
    </fieldset>`,
  comment: (value, error) => html`
    <div class="field">
      <label for="feedback_comment">What should we keep, and what should we change?</label>
      <textarea
        id="feedback_comment"
        name="feedback[comment]"
        rows="5"
        maxlength="1000"
        .value=${value}
        aria-invalid=${error ? "true" : nothing}
        aria-describedby=${error ? "feedback_error" : nothing}
      ></textarea>
      ${errorOf(error)}
    </div>`,
  name: (value, error) => html`
    <div class="field">
      <label for="feedback_name">Your name, if you like</label>
      <input
        id="feedback_name"
        name="feedback[name]"
        value=${value}
        autocomplete="name"
        maxlength="100"
        aria-invalid=${error ? "true" : nothing}
        aria-describedby=${error ? "feedback_error" : nothing}
      >
      ${errorOf(error)}
    </div>`,
};

const errorOf = (error: string): TemplateResult | typeof nothing =>
  error ? html`<p id="feedback_error" class="error" role="alert">${error}</p>` : nothing;

const thanks = ({ name }: Answers): TemplateResult => html`
  <div class="card">
    <p>Thank you${name ? `, ${name}` : ""}!</p>
    ${quickQuestion.at("length", { question: "Was the talk too long?", answers: ["Yes", "No"] })}
    ${quickQuestion.at("again", { question: "Would you come again?", answers: ["Sure", "Rather not"] })}
    <p><button type="button" class="secondary" live-click="again">Give more feedback</button></p>
  </div>`;
