export { createGateway, type Gateway } from './gateway.js';
export { DEFAULT_LIMITS, type GatewayBook, type GatewayLimits, type GatewayOptions } from './options.js';
export { GATEWAY_METRICS, type GatewayMetrics, type MetricDefinition, type MetricLabels } from './metrics.js';
export { prometheusMetrics } from './prometheus.js';
