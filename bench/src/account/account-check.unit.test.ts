import { describe, expect, it } from '@jest/globals';
import type { Account, Frame } from '@bellwether/contracts';
import { aFrame, aPortfolioPart, aPosition, anAccount } from '@bellwether/testkit';
import { CheckFailed } from '../bench.js';
import { AccountCheck } from './account-check.js';

function frame(trade_date: number, account: Partial<Account> = {}, open = false): Frame {
  const day = { trade_date, realised_cents: 0, open_pnl_cents: 0, fees_cents: 0, pnl_cents: 0 };
  const positions = open ? [aPosition()] : [];
  return aFrame({ portfolio: aPortfolioPart({ day, positions, account: anAccount(account) }) });
}

describe('the check beside the account bench', () => {
  it('counts the trade dates of an account that holds to its rules', () => {
    const check = new AccountCheck();
    for (const date of [20_250_915, 20_250_915, 20_250_916]) check.add(frame(date));
    expect(check.dates).toBe(2);
  });

  it.each([
    ['a floor that falls', frame(20_250_915, { floor_cents: 4_700_000, headroom_cents: 300_000 })],
    ['cents that are missing', frame(20_250_915, { equity_cents: 4_999_999 })],
  ])('finds %s', (_, broken) => {
    const check = new AccountCheck();
    check.add(frame(20_250_915));
    expect(() => check.add(broken)).toThrow(CheckFailed);
  });

  it('finds a position that stays open over the roll', () => {
    const check = new AccountCheck();
    check.add(frame(20_250_915, {}, true));
    expect(() => check.add(frame(20_250_916))).toThrow(CheckFailed);
  });
});
