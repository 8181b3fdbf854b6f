/**
 * How volatility and volume of ES run through a trade date (domain.md 3.3 and 7.4): quiet at night, a step at 02:00 and
 * at 07:30, the jump at 08:30, a low at noon, the burst at 15:00. Levels are rounded from ES of autumn 2025.
 */

/** Minutes after 17:00 Chicago. */
export const RTH_OPEN_MINUTE = 930;
export const RTH_CLOSE_MINUTE = 1_320;

/** 16:00. The last quarter of an hour of the years up to 2015 is as quiet as this minute. */
const LAST_MINUTE = 1_380;

type Node = readonly [minute: number, value: number];

/** Standard deviation of a one-minute change, in points of an index at 6,000. */
const SD_POINTS: readonly Node[] = [
  [0, 0.9],
  [15, 0.7],
  [120, 0.62],
  [240, 0.5],
  [330, 0.45],
  [420, 0.5],
  [480, 0.6],
  [539, 0.75],
  [540, 1.0],
  [600, 0.8],
  [700, 0.65],
  [780, 0.75],
  [869, 0.8],
  [870, 1.3],
  [880, 1.0],
  [929, 1.0],
  [930, 2.8],
  [934, 2.1],
  [960, 1.9],
  [1_020, 1.5],
  [1_110, 1.2],
  [1_200, 1.15],
  [1_280, 1.15],
  [1_310, 1.5],
  [1_319, 2.0],
  [1_320, 1.6],
  [1_322, 0.8],
  [1_350, 0.6],
  [1_380, 0.5],
];

/** Contracts in a minute. */
const VOLUME: readonly Node[] = [
  [0, 400],
  [5, 120],
  [60, 70],
  [240, 75],
  [330, 55],
  [420, 60],
  [480, 110],
  [539, 130],
  [540, 260],
  [600, 200],
  [700, 130],
  [780, 200],
  [869, 260],
  [870, 800],
  [885, 450],
  [929, 560],
  [930, 11_500],
  [931, 7_300],
  [932, 5_400],
  [940, 4_100],
  [960, 3_600],
  [1_020, 2_500],
  [1_110, 1_750],
  [1_270, 1_700],
  [1_290, 2_200],
  [1_310, 4_500],
  [1_318, 6_500],
  [1_319, 30_000],
  [1_320, 12_000],
  [1_321, 3_000],
  [1_325, 1_600],
  [1_340, 500],
  [1_370, 250],
  [1_380, 400],
];

/** The line through the nodes at each minute of a full session. */
function curve(nodes: readonly Node[]): Float64Array {
  const values = new Float64Array(LAST_MINUTE + 1);
  for (let i = 1; i < nodes.length; i++) {
    const [fromMinute, from] = nodes[i - 1]!;
    const [toMinute, to] = nodes[i]!;
    for (let minute = fromMinute; minute <= toMinute; minute++) {
      values[minute] = from + ((to - from) * (minute - fromMinute)) / (toMinute - fromMinute);
    }
  }
  return values;
}

const SD_CURVE = curve(SD_POINTS);
const VOLUME_CURVE = curve(VOLUME);

/** Standard deviation of the change over the minute that begins here, in points of an index at 6,000. */
export function sdPointsAt(minute: number): number {
  return SD_CURVE[Math.min(minute, LAST_MINUTE)]!;
}

/** Median volume of the minute that begins here, in contracts. */
export function volumeAt(minute: number): number {
  return VOLUME_CURVE[Math.min(minute, LAST_MINUTE)]!;
}
