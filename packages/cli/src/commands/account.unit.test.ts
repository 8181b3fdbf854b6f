import { describe, expect, it } from '@jest/globals';
import { Action, ReasonCode, type Frame } from '@bellwether/contracts';
import {
  aBookConfig,
  aFrame,
  aPortfolioPart,
  aPosition,
  aReleaseEntry,
  aRiskPart,
  anAccount,
  anAccountProfile,
} from '@bellwether/testkit';
import { accountHistory, renderAccount } from './account.js';

interface Day {
  readonly date: number;
  readonly balance_cents: number;
  readonly best_day_cents: number;
  readonly headroom_cents?: number;
  readonly open?: boolean;
  readonly refused?: ReasonCode;
}

function frameOf({
  date,
  balance_cents,
  best_day_cents,
  headroom_cents = 200_000,
  open,
  refused,
}: Day): Frame {
  const day = { trade_date: date, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 };
  const account = anAccount({ balance_cents, best_day_cents, headroom_cents });
  const positions = open === true ? [aPosition()] : [];
  const risk =
    refused === undefined
      ? aRiskPart()
      : aRiskPart({
          ...{ action: Action.HOLD, reason: refused },
          checks: [{ code: refused, passed: false, value: null, limit: null }],
        });
  return aFrame({ portfolio: aPortfolioPart({ day, account, positions }), risk });
}

async function shown(days: readonly Day[], best_day_max_share: number | null = 0.5): Promise<string> {
  const release = aReleaseEntry(aBookConfig({ account: anAccountProfile({ best_day_max_share }) }));
  async function* frames(): AsyncGenerator<Frame> {
    yield await Promise.resolve(aFrame({ entry: release }));
    for (const day of days) yield frameOf(day);
  }
  return renderAccount(await accountHistory(frames()), { result: 'pass', reason: 'bars.csv' });
}

const FIRST: Day = { date: 20_250_915, balance_cents: 5_030_000, best_day_cents: 30_000 };
const SECOND: Day = { date: 20_250_916, balance_cents: 5_040_000, best_day_cents: 30_000 };

describe('bw account', () => {
  it('says how many days end flat, the worst headroom and what was refused', async () => {
    const text = await shown([
      { ...FIRST, headroom_cents: 90_000, refused: ReasonCode.HEADROOM },
      { ...FIRST, open: true },
      { ...SECOND, refused: ReasonCode.HEAT },
      { ...SECOND, refused: ReasonCode.HEADROOM },
    ]);
    expect(text).toContain('1 of 2 trade dates end flat');
    expect(text).toContain('worst headroom 900.00 USD');
    expect(text).toContain('refused by the account: headroom 2, heat 1');
  });

  it('says which share of the profit the best trade date has, and where the firm allows less', async () => {
    expect(await shown([FIRST, SECOND], 0.8)).toMatch(
      /best trade date 300\.00 USD, 75\.0 % of the profit of 400\.00 USD \(the firm allows 80\.0 %\)$/,
    );
    expect(await shown([FIRST, SECOND])).toMatch(/\(the firm allows 50\.0 %, MORE THAN THAT\)$/);
    expect(await shown([FIRST, SECOND], null)).toMatch(/\(no rule\)$/);
  });

  it('names no share of a loss', async () => {
    const lost = { ...SECOND, balance_cents: 4_990_000 };
    expect(await shown([FIRST, lost])).toContain('no profit in all that it could be a share of');
  });
});
