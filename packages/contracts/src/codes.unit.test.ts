import { describe, expect, it } from '@jest/globals';
import {
  BellwetherError,
  ContractError,
  ERRORS,
  REASONS,
  ReasonCode,
  ReasonCodeName,
  isErrorCode,
  type ErrorText,
} from './index.js';

const sentence = /^[A-Z`].*[.]$/s;

describe('the catalogue of reasons', () => {
  const reasons = Object.entries(REASONS);
  it('names each reason as the generated code does', () => {
    expect(reasons.length).toBe(Object.keys(ReasonCode).length);
    for (const [code, reason] of reasons)
      expect(ReasonCodeName[Number(code) as ReasonCode]).toBe(reason.name);
  });
  it('says in sentences what each means and what to do', () => {
    for (const [, reason] of reasons) {
      expect(reason.meaning).toMatch(sentence);
      expect(reason.next).toMatch(sentence);
    }
  });
  it('tells no two reasons in the same words', () => {
    expect(new Set(reasons.map(([, reason]) => reason.meaning)).size).toBe(reasons.length);
  });
});

describe('the catalogue of errors', () => {
  const errors = Object.entries<ErrorText>(ERRORS);
  it('gives each an HTTP status or an exit code, a meaning and a next step', () => {
    for (const [code, error] of errors) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(error.http_status === null && error.exit_code === null).toBe(false);
      if (error.http_status !== null) expect(error.http_status).toBeGreaterThanOrEqual(400);
      if (error.exit_code !== null) expect(error.exit_code).toBeGreaterThanOrEqual(1);
      if (error.exit_code !== null) expect(error.exit_code).toBeLessThanOrEqual(6);
      expect(error.meaning).toMatch(sentence);
      expect(error.next).toMatch(sentence);
    }
  });
  it.each([
    ['invalid_request', 400, null],
    ['id_reused', 409, 3],
    ['outcome_unknown', 503, 4],
    ['journal_full', 507, 4],
    ['internal', 500, 1],
    ['usage', null, 2],
    ['config_invalid', null, 2],
    ['data_unreadable', null, 3],
    ['data_empty', null, 3],
    ['port_in_use', null, 4],
    ['diverged', null, 5],
    ['digest_mismatch', null, 5],
    ['service_died', null, 6],
  ] as const)('%s keeps status %p and exit %p', (code, http_status, exit_code) => {
    expect(ERRORS[code]).toMatchObject({ http_status, exit_code });
  });
});

describe('BellwetherError', () => {
  it('shows its code, detail and all problems', () => {
    const error = new BellwetherError('config_invalid', 'book.yaml', [
      { path: 'limits.max_es', message: 'Expected a whole number' },
      { path: 'book', message: 'Expected a name' },
    ]);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe(
      'config_invalid: book.yaml\n  limits.max_es: Expected a whole number\n  book: Expected a name',
    );
    expect([error.code, error.detail, error.problems.length, error.text.exit_code]).toEqual([
      'config_invalid',
      'book.yaml',
      2,
      2,
    ]);
  });
  it('keeps the cause', () => {
    const cause = new Error('disk');
    expect(new BellwetherError('data_unreadable', 'x.csv', [], { cause }).cause).toBe(cause);
  });
});

describe('isErrorCode', () => {
  it('knows the codes of the contracts and no others', () => {
    expect(isErrorCode(new ContractError('a', 'b', 1).code)).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode(undefined)).toBe(false);
  });
});
