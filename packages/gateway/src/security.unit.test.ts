import { describe, expect, it } from '@jest/globals';
import { allowedNames, namesOneOf } from './security.js';

describe('the names that a request may use', () => {
  it('are those of loopback on loopback, and any elsewhere', () => {
    expect([...(allowedNames('127.0.0.1', undefined) ?? [])]).toEqual(['localhost', '127.0.0.1', '::1']);
    expect(allowedNames('0.0.0.0', undefined)).toBeNull();
    expect(allowedNames('0.0.0.0', [])).toBeNull();
  });

  it('are those given, wherever it listens', () => {
    expect([...(allowedNames('0.0.0.0', ['localhost', 'Gateway']) ?? [])]).toEqual(['localhost', 'gateway']);
  });
});

describe('a request', () => {
  const names = new Set(['localhost', '::1', 'gateway']);

  it.each(['localhost', 'localhost:7080', 'LOCALHOST:80', 'gateway:7080', '[::1]:7080', '[::1]'])(
    'to %s is taken',
    (host) => {
      expect(namesOneOf(host, names)).toBe(true);
    },
  );

  it.each(['127.0.0.1', 'evil.example', 'localhost.evil.example', 'localhost:7080:1', '', undefined])(
    'to %s is refused',
    (host) => {
      expect(namesOneOf(host, names)).toBe(false);
    },
  );
});
