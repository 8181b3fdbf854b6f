/** Whole cents of an amount in dollars, or null where it has a fraction of a cent. */
export function wholeCents(usd: number): number | null {
  const cents = Math.round(usd * 100);
  return cents / 100 === usd ? cents : null;
}
