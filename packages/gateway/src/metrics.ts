/** Labels of one measurement. */
export type MetricLabels = Readonly<Record<string, string>>;

/**
 * Where the gateway counts. The host backs it with its registry; `render` gives the Prometheus text of
 * `/metrics`.
 */
export interface GatewayMetrics {
  increment(name: string, labels: MetricLabels): void;
  observe(name: string, value: number, labels: MetricLabels): void;
  render(): Promise<string>;
}

export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every metric of the gateway: nothing else is counted. Seconds, as Prometheus wants them. */
export const GATEWAY_METRICS = {
  requests: {
    name: 'bw_gateway_requests_total',
    kind: 'counter',
    help: 'Answers sent, by route, method and status',
    labels: ['route', 'method', 'status'],
  },
  seconds: {
    name: 'bw_gateway_request_seconds',
    kind: 'histogram',
    help: 'Time from receipt to answer',
    labels: ['route'],
  },
  refused: {
    name: 'bw_gateway_refused_total',
    kind: 'counter',
    help: 'Requests refused, by error code',
    labels: ['code'],
  },
  abandoned: {
    name: 'bw_gateway_abandoned_total',
    kind: 'counter',
    help: 'Signals that were not decided in time, by what became of their abandon entry',
    labels: ['book', 'outcome'],
  },
  modes: {
    name: 'bw_gateway_mode_changes_total',
    kind: 'counter',
    help: 'Times a book became slow (degraded) or no longer was (usual)',
    labels: ['book', 'mode'],
  },
  frames: {
    name: 'bw_gateway_frames_total',
    kind: 'counter',
    help: 'Frames read from the decision stream',
    labels: ['book'],
  },
  decisions: {
    name: 'bw_gateway_decisions_total',
    kind: 'counter',
    help: 'Decisions that were stored while the gateway followed them, by action and binding reason',
    labels: ['book', 'action', 'reason'],
  },
  feedFailures: {
    name: 'bw_gateway_feed_failures_total',
    kind: 'counter',
    help: 'Times the decision stream could not be followed',
    labels: ['book'],
  },
  auditQuestions: {
    name: 'bw_gateway_audit_questions_total',
    kind: 'counter',
    help: 'Questions to the audit log, by what came of them',
    labels: ['book', 'outcome'],
  },
  streamDropped: {
    name: 'bw_gateway_stream_dropped_total',
    kind: 'counter',
    help: 'Stream clients disconnected by the gateway, by reason',
    labels: ['reason'],
  },
} as const satisfies Record<string, MetricDefinition>;
