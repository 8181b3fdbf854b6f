import { finding, type VerdictFinding } from './codes.js';
import type { Subject } from './subject.js';
import { Tally } from './tally.js';

/**
 * Lowest and highest price of the index in each year, rounded outward to whole points: the S&P 500 and the Nasdaq-100 as
 * their publishers print them (S&P Dow Jones Indices, Nasdaq Global Indexes; intraday where known). Futures lie within 2 %
 * of them, a back-adjusted series within the margin for a few years. 2026 is what files of two sources show up to July.
 */
const YEARS: Readonly<Record<'SPX' | 'NDX', ReadonlyMap<number, readonly [number, number]>>> = {
  SPX: new Map([
    [1998, [912, 1245]],
    [1999, [1205, 1474]],
    [2000, [1254, 1553]],
    [2001, [944, 1384]],
    [2002, [768, 1177]],
    [2003, [788, 1113]],
    [2004, [1060, 1218]],
    [2005, [1136, 1276]],
    [2006, [1219, 1432]],
    [2007, [1363, 1577]],
    [2008, [741, 1472]],
    [2009, [666, 1131]],
    [2010, [1010, 1263]],
    [2011, [1074, 1371]],
    [2012, [1258, 1475]],
    [2013, [1426, 1850]],
    [2014, [1737, 2094]],
    [2015, [1867, 2135]],
    [2016, [1810, 2278]],
    [2017, [2245, 2695]],
    [2018, [2346, 2941]],
    [2019, [2443, 3248]],
    [2020, [2174, 3761]],
    [2021, [3662, 4809]],
    [2022, [3491, 4819]],
    [2023, [3794, 4794]],
    [2024, [4682, 6100]],
    [2025, [4832, 6946]],
    [2026, [6300, 7700]],
  ]),
  NDX: new Map([
    [2013, [2650, 3593]],
    [2014, [3410, 4348]],
    [2015, [3780, 4740]],
    [2016, [3888, 4995]],
    [2017, [4863, 6546]],
    [2018, [5895, 7701]],
    [2019, [6130, 8855]],
    [2020, [6628, 12_926]],
    [2021, [12_208, 16_765]],
    [2022, [10_440, 16_608]],
    [2023, [10_671, 16_970]],
    [2024, [16_178, 22_134]],
    [2025, [16_460, 26_200]],
    [2026, [22_800, 31_000]],
  ]),
};

/** How far beyond the year's range a price may lie, as a factor: for carry and adjustment, and before it is out of all question. */
const MARGIN = 1.1;
const MARGIN_REFUSE = 1.35;
/** Share of bars out of the range that counts: single bad prints are another matter. */
const SHARE_MAX = 0.001;
/** Powers of ten that vendors are known to multiply prices by. */
const DISPLAY_FACTORS = [100, 10, 0.01, 0.1, 1_000, 10_000];

/** Whether prices lie where the market was in their years. */
export class PriceLevels {
  readonly #out = new Tally();
  readonly #far = new Tally();
  readonly #unknown = new Tally();
  #bars = 0;
  #year = 0;
  #range: readonly [number, number] | null = null;
  #sample = 0;
  #sampleYear = 0;

  constructor(private readonly subject: Subject) {}

  add(year: number, close: number, line: number, open_us: number): void {
    this.#bars++;
    if (year !== this.#year) {
      this.#year = year;
      this.#range = YEARS[this.subject.index].get(year) ?? null;
    }
    const range = this.#range;
    if (range === null) {
      this.#unknown.add(line, open_us);
      return;
    }
    const index = close * this.subject.index_points;
    if (index >= range[0] / MARGIN && index <= range[1] * MARGIN) return;
    this.#out.add(line, open_us);
    if (index >= range[0] / MARGIN_REFUSE && index <= range[1] * MARGIN_REFUSE) return;
    if (this.#far.count === 0) {
      this.#sample = close;
      this.#sampleYear = year;
    }
    this.#far.add(line, open_us);
  }

  findings(): readonly VerdictFinding[] {
    const found: VerdictFinding[] = [];
    const bars = Math.max(1, this.#bars);
    const evidence = { bars: this.#bars, out: this.#out.count, far_out: this.#far.count };
    const { symbol, index } = this.subject;
    if (this.#far.count > SHARE_MAX * bars) {
      const message =
        `${this.#far.text} of ${bars} closes lie more than ${percent(MARGIN_REFUSE)} outside the range of the ${index} of their year: ` +
        `${symbol} ${this.#sample} in ${this.#sampleYear}, where it was ${this.#rangeText(this.#sampleYear)}${this.#factor()}`;
      found.push(finding('level_implausible', 'refuse', message, evidence));
    } else if (this.#out.count > SHARE_MAX * bars) {
      const message =
        `${this.#out.text} of ${bars} closes lie more than ${percent(MARGIN)} outside the range of the ${index} of their year. ` +
        'A series that was adjusted over years can; raw prices cannot';
      found.push(finding('level_implausible', 'warn', message, evidence));
    }
    if (this.#unknown.count > 0) {
      const message = `${this.#unknown.text} bars are of years without a known range`;
      found.push(finding('level_untested', 'warn', message, { bars: this.#unknown.count }));
    }
    return found;
  }

  #rangeText(year: number): string {
    const [low, high] = YEARS[this.subject.index].get(year) ?? [0, 0];
    const scale = this.subject.index_points;
    return `${Math.round(low / scale)} to ${Math.round(high / scale)}`;
  }

  /** A factor that would bring the first far price back. */
  #factor(): string {
    const [low, high] = YEARS[this.subject.index].get(this.#sampleYear) ?? [0, 0];
    const fits = DISPLAY_FACTORS.find((factor) => {
      const index = (this.#sample / factor) * this.subject.index_points;
      return index >= low / MARGIN && index <= high * MARGIN;
    });
    return fits === undefined ? '' : `. Divided by ${fits} it would fit: a display factor`;
  }
}

function percent(factor: number): string {
  return `${Math.round(100 * (factor - 1))} %`;
}
