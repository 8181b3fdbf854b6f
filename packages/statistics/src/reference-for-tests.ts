import fs from 'node:fs';

interface ReferenceSeries {
  readonly returns: readonly number[];
  readonly mean: number;
  readonly sharpe: number;
  readonly skewness: number;
  readonly kurtosis: number;
  readonly psr: number;
  readonly minTrackRecord: number | null;
  readonly sortino: number;
  readonly cvar: number;
  readonly drawdown: number;
  readonly compoundedDrawdown: number;
  readonly blockStationary: number;
  readonly blockCircular: number;
  readonly sharpeInterval90: readonly [number, number];
}

type Points = readonly (readonly [number, number])[];

interface Reference {
  readonly normal: { readonly cdf: Points; readonly density: Points; readonly quantile: Points };
  readonly series: readonly ReferenceSeries[];
  readonly many: {
    readonly columns: readonly (readonly number[])[];
    readonly meanBlock: number;
    readonly deviations: readonly number[];
    readonly realityCheckP: number;
    readonly spaStatistic: number;
    readonly spaP: readonly [number, number, number];
    readonly romanoWolfP: readonly number[];
    readonly cscv: Readonly<
      Record<'4' | '6' | '8' | '10', { pbo: number; meanLogit: number; splits: number }>
    >;
  };
  readonly calibration: {
    readonly probabilities: readonly number[];
    readonly outcomes: readonly number[];
    readonly brier: number;
    readonly logLoss: number;
    readonly ece: number;
    readonly mce: number;
    readonly reliability: number;
    readonly resolution: number;
    readonly classes: readonly (readonly number[])[];
    readonly labels: readonly number[];
    readonly predicted: readonly number[];
    readonly balancedAccuracy: number;
    readonly classLogLoss: number;
    readonly topLabelEce: number;
  };
  readonly corrections: {
    readonly ps: readonly number[];
    readonly holm: readonly number[];
    readonly benjaminiHochberg: readonly number[];
    readonly wilson: readonly (readonly [number, number, number, number])[];
  };
}

/** Values of numpy, scipy, statsmodels, scikit-learn, arch and mpmath: vectors/make-reference.py says how they were made. */
export const REFERENCE = JSON.parse(
  fs.readFileSync(new URL('../vectors/reference.json', import.meta.url), 'utf8'),
) as Reference;
