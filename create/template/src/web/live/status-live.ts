import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Database } from "../../database.js";

/** The page that lists the migrations of the database. */
export const statusLive = (database: Database) =>
  liveView("StatusLive", {
    types: {} as {
      needs: { fromLiveSession: string };
      own: { migrations: readonly { readonly name: string }[] };
    },
    async mount({ socket }) {
      socket.pageTitle = "Status";
      const rows: { name: string }[] = await database.knex("knex_migrations").select("name");
      socket.assign({ migrations: rows.map(({ name }) => ({ name })) });
    },
    render: ({ migrations, fromLiveSession }) => html`
      <h1>Status</h1>
      <div class="card">
        <p class="muted">${fromLiveSession}</p>
        <p>Migrations of the database: ${migrations.length}</p>
        <ul>${migrations.map(({ name }) => html`<li>${name}</li>`)}</ul>
      </div>`,
  });
