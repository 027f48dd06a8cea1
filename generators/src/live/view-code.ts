import type { SchemaNames } from "../source/names.js";
import type { Field } from "./field.js";

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Returns the code that shows a field in a page. */
function shown({ name, validator }: Field, row: string): string {
  const value = `${row}.${name.camel}`;
  if (validator === "boolean") return `\${${value} ? "Yes" : "No"}`;
  return validator === "dateTime" ? `\${${value}.toISOString().slice(0, 16)}` : `\${${value}}`;
}

/** Returns the code of the page that lists the rows. */
export function indexCode(
  { context, singular, plural }: SchemaNames,
  fields: readonly Field[],
): string {
  const { pascal, camel, prose } = singular;
  const path = `/${plural.snake}`;
  const title = capitalized(plural.prose);
  const [first, ...others] = fields;
  const cells = others.map((field) => `    <td>${shown(field, camel)}</td>`).join("\n");
  return `import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ${context.pascal} } from "../../${context.kebab}/${context.kebab}.js";
import type { ${pascal} } from "../../${context.kebab}/${singular.kebab}.js";
import { toFields } from "../../fields.js";

/** The page that lists the ${plural.prose}. */
export const ${camel}IndexLive = (${context.camel}: ${context.pascal}) =>
  liveView("${pascal}IndexLive", {
    types: {} as { own: { ${plural.camel}: readonly ${pascal}[] } },
    async mount({ socket }) {
      socket.pageTitle = "${title}";
      socket.assign({ ${plural.camel}: await ${context.camel}.list${plural.pascal}() });
    },
    handleEvent: {
      async delete({ payload, socket }) {
        await ${context.camel}.delete${pascal}(toFields(payload).id);
        socket.assign({ ${plural.camel}: await ${context.camel}.list${plural.pascal}() });
        socket.putFlash("info", "${capitalized(prose)} deleted.");
      },
    },
    render: ({ ${plural.camel} }) => html\`
      <h1>${title}</h1>
      <p><a href="${path}/new" live-navigate>New ${prose}</a></p>
      <div class="card table"><table>
        <thead>
          <tr>
${fields.map(({ label }) => `            <th scope="col">${label}</th>`).join("\n")}
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          \${repeat(${plural.camel}, ({ id }) => id, row)}
        </tbody>
      </table></div>\`,
  });

const row = (${camel}: ${pascal}) => html\`
  <tr id=\${\`${plural.kebab}-\${${camel}.id}\`}>
    <td><a href=\${\`${path}/\${${camel}.id}\`} live-navigate>${first ? shown(first, camel) : `\${${camel}.id}`}</a></td>
${cells}
    <td>
      <a href=\${\`${path}/\${${camel}.id}/edit\`} live-navigate>Edit</a>
      <button
        type="button"
        class="secondary"
        live-click="delete"
        live-value-id=\${${camel}.id}
        live-confirm="Delete this ${prose}?"
      >
        Delete
      </button>
    </td>
  </tr>\`;
`;
}

/** Returns the code of the page that shows one row. */
export function showCode(
  { context, singular, plural }: SchemaNames,
  fields: readonly Field[],
): string {
  const { pascal, camel, prose } = singular;
  const path = `/${plural.snake}`;
  const items = fields
    .map((field) => `        <dt>${field.label}</dt>\n        <dd>${shown(field, camel)}</dd>`)
    .join("\n");
  return `import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { ${context.pascal} } from "../../${context.kebab}/${context.kebab}.js";
import type { ${pascal} } from "../../${context.kebab}/${singular.kebab}.js";

/** The page that shows one ${prose}. */
export const ${camel}ShowLive = (${context.camel}: ${context.pascal}) =>
  liveView("${pascal}ShowLive", {
    types: {} as { own: { ${camel}: ${pascal} } },
    async mount({ params: { id }, socket }) {
      socket.pageTitle = "${capitalized(prose)}";
      socket.assign({ ${camel}: await ${context.camel}.get${pascal}(id) });
    },
    render: ({ ${camel} }) => html\`
      <h1>${capitalized(prose)}</h1>
      <dl class="card">
${items}
      </dl>
      <ul class="links">
        <li><a href=\${\`${path}/\${${camel}.id}/edit\`} live-navigate>Edit</a></li>
        <li><a href="${path}" live-navigate>All ${plural.prose}</a></li>
      </ul>\`,
  });
`;
}

/** Returns the code of the page with the form, to add a row and to edit one. */
export function formCode(
  { context, singular, plural }: SchemaNames,
  fields: readonly Field[],
): string {
  const { pascal, camel, prose, snake, kebab } = singular;
  const path = `/${plural.snake}`;
  const inputs = fields
    .map(
      ({ name, label, control, args }) =>
        `          \${input({ form, group: "${snake}", key: "${name.snake}", label: "${label}", ${control(args)} })}`,
    )
    .join("\n");
  return `import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { ${context.pascal} } from "../../${context.kebab}/${context.kebab}.js";
import { type ${pascal}, to${pascal}Fields } from "../../${context.kebab}/${kebab}.js";
import { toFields } from "../../fields.js";
import { changedFields, type FormState, input, refusedFields } from "../forms/input.js";

interface Own {
  /** The ${prose} to edit; null for a new one. */
  readonly ${camel}: ${pascal} | null;
  readonly form: FormState;
}

/** The page with the form of one ${prose}, to add and to edit it. */
export const ${camel}FormLive = (${context.camel}: ${context.pascal}) =>
  liveView("${pascal}FormLive", {
    types: {} as { own: Own },
    async mount({ params: { id }, socket }) {
      const ${camel} = socket.liveAction === "edit" ? await ${context.camel}.get${pascal}(id) : null;
      socket.pageTitle = ${camel} ? "Edit ${prose}" : "New ${prose}";
      socket.assign({
        ${camel},
        form: { values: ${camel} ? to${pascal}Fields(${camel}) : {}, errors: {} },
      });
    },
    handleEvent: {
      validate({ payload, socket }) {
        const params = toFields(payload).${snake};
        socket.assign({ form: changedFields(params, ${context.camel}.change${pascal}(params)) });
      },
      async save({ payload, socket }) {
        const params = toFields(payload).${snake};
        const { ${camel} } = socket.assigns;
        const saved = ${camel}
          ? await ${context.camel}.update${pascal}(${camel}, params)
          : await ${context.camel}.create${pascal}(params);
        if (!saved.ok) return socket.assign({ form: refusedFields(params, saved.errors) });
        socket.putFlash("info", ${camel} ? "${capitalized(prose)} updated." : "${capitalized(prose)} created.");
        socket.pushNavigate(\`${path}/\${saved.${camel}.id}\`);
      },
    },
    render: ({ ${camel}, form }) => html\`
      <div class="narrow">
        <h1>\${${camel} ? "Edit ${prose}" : "New ${prose}"}</h1>
        <form id="${kebab}-form" class="card" method="post" live-change="validate" live-submit="save">
${inputs}
          <p class="actions"><button live-disable-with="Saving...">Save</button></p>
        </form>
        <ul class="links"><li><a href="${path}" live-navigate>All ${plural.prose}</a></li></ul>
      </div>\`,
  });
`;
}
