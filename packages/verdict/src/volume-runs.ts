import { finding, type VerdictFinding } from './codes.js';

/** Longest run of bars without volume that is not worth a word: quiet holidays have such. */
const ZERO_RUN_MAX = 15;
/** Share of all bars that such a run must be to be warned of. */
const ZERO_SHARE_WARN = 0.01;

/** Runs of bars without volume. */
export class VolumeRuns {
  #bars = 0;
  #any = false;
  #run = 0;
  #longest = 0;

  add(volume: number): void {
    this.#bars++;
    this.#any ||= volume > 0;
    this.#run = volume === 0 ? this.#run + 1 : 0;
    this.#longest = Math.max(this.#longest, this.#run);
  }

  get hasVolume(): boolean {
    return this.#any;
  }

  findings(): readonly VerdictFinding[] {
    if (!this.#any) {
      const message = 'The column holds zeros only: the volume is not known, and nothing was tested by it';
      return [finding('no_volume', 'warn', message)];
    }
    if (this.#longest <= ZERO_RUN_MAX) return [];
    const message = `Longest run of bars without volume: ${this.#longest}`;
    const level = this.#longest > ZERO_SHARE_WARN * this.#bars ? 'warn' : 'note';
    return [finding('zero_volume_run', level, message, { bars: this.#longest })];
  }
}
