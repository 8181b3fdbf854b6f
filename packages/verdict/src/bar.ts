/** A bar as a file has it, before anything is taken for granted. Prices in points (dollars of a fund), as they were written. */
export interface RawBar {
  readonly open_us: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** 0 where there was no trade, and in every bar of a file that does not know it. */
  readonly volume: number;
}
