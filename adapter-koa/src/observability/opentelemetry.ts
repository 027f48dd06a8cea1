import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  type Link,
  type MeterProvider,
  metrics,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import {
  type ConnectionTrace,
  channels,
  type LiveTrace,
  onFinished,
  type ViewChannel,
} from "../live/tracing/tracing.js";

/** Options of {@link instrumentLiveSessions}. */
export interface InstrumentationOptions {
  /** Creates the spans; the global provider by default. */
  readonly tracerProvider?: TracerProvider;
  /** Creates the metrics; the global provider by default. */
  readonly meterProvider?: MeterProvider;
}

const name = "@live-session/adapter-koa";
/** The names of events come from browsers, so they may be long. */
const maxEventLength = 100;
/** The channels of requests of the browser. Their spans have the kind "server". */
const serverStages: readonly ViewChannel[] = ["join", "event"];

/**
 * Creates spans and metrics of all live sessions of this process with OpenTelemetry. Call it once, after the SDK has been
 * started and before the app listens.
 *
 * The span of a page's mount is in the trace of its HTTP request. The join of the page continues this trace. Later events and
 * messages have their own traces, with a link to the join: a page may be open for days.
 *
 * @returns a function that ends the instrumentation
 */
export function instrumentLiveSessions({
  tracerProvider = trace.getTracerProvider(),
  meterProvider = metrics.getMeterProvider(),
}: InstrumentationOptions = {}): () => void {
  const tracer = tracerProvider.getTracer(name);
  const meter = meterProvider.getMeter(name);
  const duration = meter.createHistogram("live_session.operation.duration", {
    unit: "s",
    description: "Duration of mounts, joins, callbacks and renders",
  });
  const size = meter.createHistogram("live_session.update.size", {
    unit: "By",
    description: "Size of the frames or the HTML of a render",
  });
  const connections = meter.createUpDownCounter("live_session.connections", {
    unit: "{connection}",
    description: "Open connections",
  });
  const joins = new WeakMap<object, SpanContext>();
  const spans = new WeakMap<object, Span>();
  const ends: (() => void)[] = [];

  const start = (stage: ViewChannel) => (message: LiveTrace) => {
    const joined = message.socket && joins.get(message.socket);
    const { parent, links } = placeOf(stage, message, joined);
    const kind = serverStages.includes(stage) ? SpanKind.SERVER : SpanKind.INTERNAL;
    const attributes = attributesOf(message);
    const span = tracer.startSpan(nameOf(stage, message), { kind, attributes, links }, parent);
    spans.set(message, span);
    if (stage === "join" && message.socket) joins.set(message.socket, span.spanContext());
    if (stage === "mount") message.traceparent = toTraceparent(span.spanContext());
    message.runIn = (run) => context.with(trace.setSpan(parent, span), run);
  };
  const finish = (stage: ViewChannel) => (message: LiveTrace) => {
    record(stage, message, { duration, size });
    const span = spans.get(message);
    if (span) endSpan(span, message);
  };
  const { connection: _, ...ofViews } = channels;
  for (const stage of Object.keys(ofViews) as ViewChannel[]) {
    const channel = channels[stage].start;
    const begin = start(stage);
    const listener = (message: unknown) => begin(message as LiveTrace);
    channel.subscribe(listener);
    ends.push(() => channel.unsubscribe(listener));
    ends.push(onFinished<LiveTrace>(channels[stage], finish(stage)));
  }
  ends.push(countConnections(connections));
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function countConnections(counter: {
  add(value: number, attributes: Attributes): void;
}): () => void {
  const attributesOf = ({ transport }: ConnectionTrace) => ({
    "network.protocol.name": transport === "websocket" ? "websocket" : "http",
  });
  const opened = (message: unknown) => counter.add(1, attributesOf(message as ConnectionTrace));
  channels.connection.start.subscribe(opened);
  const end = onFinished<ConnectionTrace>(channels.connection, (message) =>
    counter.add(-1, attributesOf(message)),
  );
  return () => {
    channels.connection.start.unsubscribe(opened);
    end();
  };
}

/** Returns the parent of a span, and the spans that it is linked to. */
function placeOf(
  stage: ViewChannel,
  { traceparent }: LiveTrace,
  joined: SpanContext | undefined,
): { readonly parent: Context; readonly links: Link[] } {
  const page = stage === "join" ? fromTraceparent(traceparent) : undefined;
  if (page) return { parent: trace.setSpanContext(ROOT_CONTEXT, page), links: [] };
  const isRoot = joined && (stage === "event" || stage === "info" || stage === "async");
  if (!isRoot) return { parent: context.active(), links: [] };
  return { parent: ROOT_CONTEXT, links: [{ context: joined }] };
}

function nameOf(stage: ViewChannel, { view }: LiveTrace): string {
  return view === "" ? `live ${stage}` : `live ${stage} ${view}`;
}

function attributesOf({ socket, view, liveSession, route, event, mailbox }: LiveTrace): Attributes {
  return {
    "http.route": route,
    "live_session.view": view,
    "live_session.name": liveSession,
    "live_session.mailbox.length": mailbox,
    ...(socket && { "live_session.connected": socket.connected }),
    ...(event !== undefined && { "live_session.event": event.slice(0, maxEventLength) }),
  };
}

function record(
  stage: ViewChannel,
  { view, duration = 0, outcome = "", bytes, error }: LiveTrace,
  histograms: { readonly duration: Histogram; readonly size: Histogram },
): void {
  const attributes = { "live_session.view": view, "live_session.stage": stage };
  const failed = outcome === "error" ? { "error.type": errorType(error) } : {};
  histograms.duration.record(duration / 1000, { ...attributes, ...failed });
  if (bytes !== undefined) histograms.size.record(bytes, attributes);
}

function endSpan(span: Span, { outcome = "", bytes, error }: LiveTrace): void {
  span.setAttribute("live_session.outcome", outcome);
  if (bytes !== undefined) span.setAttribute("live_session.update.size", bytes);
  if (outcome === "error") {
    span.setAttribute("error.type", errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.recordException(error instanceof Error ? error : String(error));
  }
  span.end();
}

const errorType = (error: unknown): string => {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "_OTHER";
};

const toTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

function fromTraceparent(traceparent: string | undefined): SpanContext | undefined {
  const parts = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "");
  const [, traceId, spanId, flags] = parts ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
