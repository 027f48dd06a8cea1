import type { Registry } from "prom-client";
import { LiveError } from "../live/live-error.js";
import { channels, type LiveTrace, onFinished, type ViewChannel } from "../live/tracing/tracing.js";

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const lengths = [0, 1, 2, 5, 10, 50, 100, 500, 1000];

/** The numbers that metrics read when they are collected. */
export interface MetricsSource {
  readonly connections: number;
}

/**
 * Collects metrics from the tracing channels, from now on. Their labels are names of views and outcomes, which a browser
 * cannot choose, so their number is limited.
 *
 * @returns a function that prints the metrics in the text format of Prometheus
 * @throws LiveError `LIVE_ERR_OPTION` when prom-client is not installed
 */
export async function collectMetrics(source: MetricsSource): Promise<() => Promise<string>> {
  const { Counter, Gauge, Histogram, Registry } = await loadPromClient();
  const registry: Registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "live_session_connections",
    help: "Open connections of this process",
    registers,
    collect() {
      this.set(source.connections);
    },
  });
  const views = new Gauge({
    name: "live_session_views",
    help: "Connected views",
    labelNames: ["view"],
    registers,
  });
  const durations = new Histogram({
    name: "live_session_duration_seconds",
    help: "Duration of mounts, joins, callbacks and renders",
    labelNames: ["stage", "view", "outcome"],
    buckets: seconds,
    registers,
  });
  const mailbox = new Histogram({
    name: "live_session_mailbox_length",
    help: "Messages that wait in the view when a message is handled",
    labelNames: ["view"],
    buckets: lengths,
    registers,
  });
  const sent = new Counter({
    name: "live_session_sent_bytes_total",
    help: "Size of the frames and of the HTML that views have produced",
    labelNames: ["view"],
    registers,
  });
  const record = (stage: ViewChannel) => (trace: LiveTrace) => {
    const { view, duration = 0, outcome = "", bytes } = trace;
    durations.observe({ stage, view, outcome }, duration / 1000);
    if (bytes !== undefined) sent.inc({ view }, bytes);
    if (stage === "event" || stage === "info") mailbox.observe({ view }, trace.mailbox);
    if (stage === "join" && outcome === "ok") countView(trace, views);
  };
  const { connection: _, ...ofViews } = channels;
  for (const stage of Object.keys(ofViews) as ViewChannel[])
    onFinished<LiveTrace>(channels[stage], record(stage));
  return () => registry.metrics();
}

interface ViewGauge {
  inc(labels: { readonly view: string }): void;
  dec(labels: { readonly view: string }): void;
}

function countView({ socket, view }: LiveTrace, gauge: ViewGauge): void {
  if (!socket || socket.signal.aborted) return;
  gauge.inc({ view });
  socket.signal.addEventListener("abort", () => gauge.dec({ view }), { once: true });
}

async function loadPromClient(): Promise<typeof import("prom-client")> {
  try {
    const { default: client } = await import("prom-client");
    return client;
  } catch (cause) {
    const message = "live.metrics needs a package that is not installed";
    throw new LiveError("LIVE_ERR_OPTION", message, { expected: "npm install prom-client", cause });
  }
}
