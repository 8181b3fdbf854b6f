import type { DegradedConfig } from '@bellwether/contracts';

/** What the last decisions took, where it is beyond a bound. */
export interface Measured {
  readonly degraded: boolean;
  readonly p99_us: number;
  readonly decisions: number;
  readonly bound_us: number;
  readonly from_us: number;
  readonly to_us: number;
}

interface Sample {
  readonly at_us: number;
  readonly latency_us: number;
}

/** Far above what a book decides in a window. */
const SAMPLES_MAX = 100_000;
const PERCENTILE = 0.99;

/**
 * Judges how long decisions take (architecture.md section 10): slow once their 99th percentile has been above one bound
 * for the length of the window, no longer slow once it has been below a lower one for as long. The percentile is that
 * of the window, nearest rank; with fewer decisions than `min_decisions` in it nothing is called slow, and a book that
 * is slow already is judged by its last `min_decisions`, so that a quiet one does not stay slow for ever.
 */
export class SpeedMeter {
  readonly #samples: Sample[] = [];
  /** Since when the bound of the present mode is crossed; null while it is not. */
  #crossed_us: number | null = null;
  #degraded = false;

  /** The mode of the book changed, by this meter or by another: what was measured before counts no more. */
  entered(degraded: boolean): void {
    if (degraded === this.#degraded) return;
    this.#degraded = degraded;
    this.#crossed_us = null;
    this.#samples.length = 0;
  }

  /** One decision more; gives the change of mode that it calls for, or null. */
  add(now_us: number, latency_us: number, config: DegradedConfig): Measured | null {
    this.#samples.push({ at_us: now_us, latency_us });
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
    this.#forget(now_us - config.window_us, config.min_decisions);
    const p99_us = this.#percentile();
    const enough = this.#samples.length >= config.min_decisions;
    const bound_us = this.#degraded ? config.leave_p99_us : config.enter_p99_us;
    const crossed = enough && (this.#degraded ? p99_us < bound_us : p99_us > bound_us);
    if (!crossed) {
      this.#crossed_us = null;
      return null;
    }
    this.#crossed_us ??= now_us;
    if (now_us - this.#crossed_us < config.window_us) return null;
    const from_us = this.#samples[0]?.at_us ?? now_us;
    const decisions = this.#samples.length;
    return { degraded: !this.#degraded, p99_us, decisions, bound_us, from_us, to_us: now_us };
  }

  /** Drops what is older than the window; a slow book keeps its last decisions however old they are. */
  #forget(before_us: number, keep: number): void {
    const least = this.#degraded ? keep : 0;
    const old = this.#samples.findIndex(({ at_us }) => at_us >= before_us);
    const droppable = Math.max(0, this.#samples.length - least);
    this.#samples.splice(0, Math.min(old < 0 ? this.#samples.length : old, droppable));
  }

  #percentile(): number {
    const sorted = Float64Array.from(this.#samples, ({ latency_us }) => latency_us).sort();
    return sorted[Math.max(0, Math.ceil(PERCENTILE * sorted.length) - 1)] ?? 0;
  }
}
