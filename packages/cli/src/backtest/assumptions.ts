import type { BookConfig } from '@bellwether/contracts';
import { instrumentOf } from '@bellwether/market';

/** What every fill of a run takes for granted, for people (domain.md 8.4, 9.2). */
export function assumptionsOf(
  config: BookConfig,
): readonly { readonly name: string; readonly text: string }[] {
  const { paper } = config;
  const costs = config.symbols.map(({ symbol, slippage_ticks, fee_per_side_cents }) => {
    const ticks = slippage_ticks ?? instrumentOf(symbol)?.slippage_ticks_default ?? 0;
    const fee = fee_per_side_cents ?? instrumentOf(symbol)?.fee_per_side_cents_default ?? 0;
    return `${symbol} ${(fee / 100).toFixed(2)} USD a side, ${ticks} ticks at the market`;
  });
  const latency = paper === null ? 0 : paper.latency_us / 1_000;
  const through = paper?.limit_through_ticks ?? 1;
  const share = (paper?.volume_share_e4 ?? 0) / 100;
  return [
    { name: 'costs', text: costs.join('; ') },
    {
      name: 'slippage',
      text: `times ${paper?.thin_slippage_factor ?? 2} outside regular hours, in their first minute, and after a wide bar`,
    },
    { name: 'market orders', text: `at the open of the next bar, ${latency} ms after the decision` },
    { name: 'stops', text: 'at a touch; behind a gap at the open' },
    { name: 'limits', text: `at their price, once the market traded ${through} tick(s) through it` },
    {
      name: 'size',
      text:
        share === 0
          ? 'not bound by the volume'
          : `at most ${share} % of the volume of the bar, else rejected`,
    },
    { name: 'one bar with stop and target', text: 'the stop came first; best and coin are shown beside it' },
  ];
}
