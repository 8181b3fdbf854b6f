export { Collector, backoffMs, retryAfterMs, type CollectorOptions } from './collector.js';
export { collectConfigOf, readCollectConfig, type CollectConfig, type FeedConfig } from './config.js';
export { StateFile } from './feed-state.js';
export { parseFeed } from './parse-feed.js';
