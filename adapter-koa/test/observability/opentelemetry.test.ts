import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { html } from "lit";
import { instrumentLiveSessions } from "../../src/observability/opentelemetry.js";
import { type LiveServer, startServer } from "../support/server.js";
import { Visitor } from "../support/visitor.js";
import { until } from "../support/wait.js";

describe("instrumentLiveSessions", () => {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const tracer = tracerProvider.getTracer("test");
  let end: () => void;

  const tracedLive = liveView("TracedLive", {
    handleEvent: {
      query: () => tracer.startSpan("query").end(),
      fail: () => {
        throw new TypeError("of a handler");
      },
    },
    render: () => html`<p>traced</p>`,
  });
  const start = (t: Parameters<typeof startServer>[0]): Promise<LiveServer> =>
    startServer(t, new LiveRouter().live("/", tracedLive), {
      // Stands for the instrumentation of HTTP.
      first: [
        (_, next) => tracer.startActiveSpan("GET /", (span) => next().finally(() => span.end())),
      ],
    });
  const find = (name: string): ReadableSpan => {
    const found = spans.getFinishedSpans().filter((span) => span.name === name);
    assert.equal(found.length, 1, `${name} in ${spans.getFinishedSpans().map((s) => s.name)}`);
    return found[0] as ReadableSpan;
  };

  before(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    end = instrumentLiveSessions({ tracerProvider, meterProvider });
  });
  afterEach(() => spans.reset());
  after(async () => {
    end();
    context.disable();
    await meterProvider.shutdown();
  });

  it("continues the trace of the page in its join, and links events to it", async (t) => {
    const { page, connection } = await new Visitor(await start(t)).visit("/");
    const mounts = spans.getFinishedSpans().filter(({ name }) => name === "live mount TracedLive");
    const [ofPage, ofJoin] = mounts;
    const join = find("live join TracedLive");
    const request = spans.getFinishedSpans().find(({ name }) => name === "GET /");
    assert.ok(ofPage && ofJoin && request);
    const ids = [request, ofPage, join, ofJoin].map((span) => span.spanContext().traceId);
    assert.equal(new Set(ids).size, 1, `${ids}`);
    assert.equal(ofPage.parentSpanContext?.spanId, request.spanContext().spanId);
    assert.equal(join.parentSpanContext?.spanId, ofPage.spanContext().spanId);
    assert.equal(ofJoin.parentSpanContext?.spanId, join.spanContext().spanId);
    assert.equal(join.kind, SpanKind.SERVER);

    await connection.click(page, "query");
    const event = find("live event TracedLive");
    assert.notEqual(event.spanContext().traceId, join.spanContext().traceId);
    assert.deepEqual(
      event.links.map((link) => link.context.spanId),
      [join.spanContext().spanId],
    );
    assert.equal(find("query").parentSpanContext?.spanId, event.spanContext().spanId);
    assert.deepEqual(event.attributes, {
      "http.route": "/",
      "live_session.view": "TracedLive",
      "live_session.name": "default",
      "live_session.mailbox.length": 0,
      "live_session.connected": true,
      "live_session.event": "query",
      "live_session.outcome": "ok",
    });
    connection.close();
  });

  it("marks failed operations", async (t) => {
    const { page, connection } = await new Visitor(await start(t)).visit("/");
    spans.reset();
    const answer = assert.rejects(connection.click(page, "fail"));
    await until(() => spans.getFinishedSpans().length > 0);
    const event = find("live event TracedLive");
    assert.equal(event.status.code, SpanStatusCode.ERROR);
    assert.equal(event.attributes["error.type"], "TypeError");
    connection.close();
    await answer;
  });

  it("measures durations in seconds, sizes and connections", async (t) => {
    const { connection } = await new Visitor(await start(t)).visit("/");
    await reader.forceFlush();
    const all =
      metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    const units = all.map(({ descriptor }) => [descriptor.name, descriptor.unit]);
    assert.deepEqual(units.sort(), [
      ["live_session.connections", "{connection}"],
      ["live_session.operation.duration", "s"],
      ["live_session.update.size", "By"],
    ]);
    connection.close();
  });

  it("creates nothing after its end", async (t) => {
    end();
    const { connection } = await new Visitor(await start(t)).visit("/");
    const names = spans.getFinishedSpans().map(({ name }) => name);
    assert.deepEqual(names, ["GET /", "GET /"]);
    assert.equal(trace.getActiveSpan(), undefined);
    connection.close();
  });
});
