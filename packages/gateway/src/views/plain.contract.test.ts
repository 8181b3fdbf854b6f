import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as contracts from '@bellwether/contracts';
import { enumNamesOf } from './plain.js';

const PROTO = path.resolve(import.meta.dirname, '../../../../proto/bellwether/v1');

interface EnumField {
  readonly message: string;
  readonly field: string;
  readonly type: string;
}

/**
 * Where a message with fields of its own meaning stands in a frame. Every other name means the same
 * everywhere.
 */
const PARENTS: Readonly<Record<string, string>> = {
  Clock: 'clock',
  Entry: 'entry',
  EvidenceStanding: 'standings',
  OperatorCommand: 'operator',
  OperatorResult: 'operator',
  TradeManagement: 'management',
};

function enumFields(): readonly EnumField[] {
  const text = ['codes', 'entry', 'frame', 'order']
    .map((name) => fs.readFileSync(path.join(PROTO, `${name}.proto`), 'utf8'))
    .join('\n')
    .replace(/\/\/.*$/gm, '');
  const enums = new Set([...text.matchAll(/^enum (\w+)/gm)].map((match) => match[1] ?? ''));
  return [...text.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)].flatMap(([, message = '', body = '']) =>
    [...body.matchAll(/^\s*(?:repeated |optional )?(\w+) (\w+) = \d+;/gm)]
      .filter(([, type = '']) => enums.has(type))
      .map(([, type = '', field = '']) => ({ message, field, type })),
  );
}

/** Numbers whose name is that of an enum field elsewhere would be shown under its names. */
function numberFields(): readonly string[] {
  const text =
    fs.readFileSync(path.join(PROTO, 'frame.proto'), 'utf8') +
    fs.readFileSync(path.join(PROTO, 'entry.proto'), 'utf8');
  return [...text.matchAll(/^\s*(?:repeated |optional )?(?:u?s?int32|int64|double) (\w+) = \d+;/gm)].map(
    (match) => match[1] ?? '',
  );
}

describe('names of enum fields', () => {
  it('finds the enum fields of the contracts', () => {
    expect(enumFields().length).toBeGreaterThan(30);
  });

  it.each(enumFields().map((item) => [`${item.message}.${item.field}`, item] as const))(
    '%s is shown by name',
    (_, item) => {
      const names = Object.entries(contracts).find(([name]) => name === `${item.type}Name`)?.[1];
      expect(names).toBeDefined();
      expect(enumNamesOf(PARENTS[item.message] ?? 'any', item.field)).toBe(names);
    },
  );

  it('are not those of a number', () => {
    expect(numberFields().filter((field) => enumNamesOf('any', field) !== undefined)).toEqual([]);
  });
});
