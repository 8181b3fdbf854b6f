import { Counter, Histogram, type Registry } from 'prom-client';
import { GATEWAY_METRICS, type GatewayMetrics, type MetricDefinition } from './metrics.js';

/** Seconds from a loopback answer to the deadline of a signal. */
const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.12, 0.25, 0.5, 1, 2, 5];

/** The gateway's metrics in a Prometheus registry. */
export function prometheusMetrics(registry: Registry): GatewayMetrics {
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const definitions: readonly MetricDefinition[] = Object.values(GATEWAY_METRICS);
  for (const { name, kind, help, labels } of definitions) {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') counters.set(name, new Counter(common));
    else histograms.set(name, new Histogram({ ...common, buckets: BUCKETS_S }));
  }
  return {
    increment: (name, labels) => {
      counters.get(name)?.inc(labels);
    },
    observe: (name, value, labels) => {
      histograms.get(name)?.observe(labels, value);
    },
    render: () => registry.metrics(),
  };
}
