import { liveComponent } from "@live-session/adapter-koa";
import { html } from "lit";

/** A question with two possible answers. The browser keeps the answer until the connection has been restored. */
export const quickQuestion = liveComponent<
  { readonly question: string; readonly answers: readonly [string, string] },
  { readonly answer: string | undefined }
>("QuickQuestion", {
  keep: ["answer"],
  mount: ({ kept, socket }) => socket.assign({ answer: kept.answer }),
  handleEvent: {
    answer({ payload, socket }) {
      const { value } = Object(payload) as { value?: unknown };
      socket.assign({ answer: socket.assigns.answers.find((each) => each === value) });
    },
  },
  render: ({ question, answers, answer }) => html`
    <fieldset class="field">
      <legend>${question}</legend>
      <p class="actions">
        ${answers.map(
          (each) => html`
            <button
              type="button"
              class=${each === answer ? "" : "secondary"}
              aria-pressed=${each === answer ? "true" : "false"}
              value=${each}
              live-click="answer"
            >${each}</button>`,
        )}
      </p>
    </fieldset>`,
});
