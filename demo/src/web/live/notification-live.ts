import { randomUUID } from "node:crypto";
import { liveView, type PubSub } from "@live-session/adapter-koa";
import { notificationMessage } from "@live-session/adapter-koa/hooks";
import { html } from "lit";

/** The page that sends a notification to all open pages whose live session has the notifications hook. */
export const notificationLive = (pubSub: PubSub) =>
  liveView("NotificationLive", {
    mount({ socket }) {
      socket.pageTitle = "Notifications";
    },
    handleEvent: {
      send_test_notification() {
        const id = randomUUID();
        const notification = { id, title: "Test notification", description: `ID ${id}` };
        pubSub.broadcast("notifications", notificationMessage(notification));
      },
    },
    render: () => html`
      <h1>Notifications</h1>
      <div class="card">
        <p>A test notification appears in every open page whose live session has the notifications hook.</p>
        <p><button type="button" live-click="send_test_notification">Send Test Notification</button></p>
      </div>`,
  });
