const SCALE = 2 / Math.sqrt(Math.PI);
/** From here on the rest to 1 is smaller than a double can hold. */
const ONE_FROM = 6;
/** Terms at the largest argument are about 130; the rest is margin. */
const TERMS_MAX = 200;

/**
 * The error function: 2 Phi(x sqrt 2) - 1, by the series 2/sqrt(pi) exp(-x^2) sum of (2 x^2)^n x / (1 3 5 … (2n + 1)).
 * All its terms have one sign, so nothing cancels; ten to twenty of them do for the usual arguments.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= ONE_FROM) return Math.sign(x);
  const factor = 2 * x * x;
  let term = Math.abs(x);
  let sum = term;
  for (let n = 1; n <= TERMS_MAX && term > sum * 1e-17; n++) {
    term *= factor / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * Math.min(1, SCALE * Math.exp(-x * x) * sum);
}
