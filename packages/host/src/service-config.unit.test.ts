import { describe, expect, it } from '@jest/globals';
import {
  ConfigInvalid,
  ingestionSettings,
  readSettings,
  serviceSettings,
  stageSettings,
} from './service-config.js';

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(stageSettings, environment);
  } catch (cause) {
    if (cause instanceof ConfigInvalid) return cause.problems.map((problem) => problem.setting).sort();
    throw cause;
  }
  return [];
}

describe('readSettings', () => {
  it('gives defaults and parses what is set', () => {
    const settings = readSettings(stageSettings, { BW_BOOKS: 'es, nq', BW_LEASE: 'off', PATH: '/bin' });
    expect(settings.BW_BOOKS).toEqual(['es', 'nq']);
    expect(settings.BW_LEASE).toBe(false);
    expect(settings.BW_NATS_URL).toBe('nats://127.0.0.1:4222');
  });

  it('reports every problem together, unknown names among them', () => {
    const wrong = { BW_BOOKS: 'Not A Book', BW_LEASE: 'maybe', BW_HEALTH_PORT: '70000', BW_BOKS: 'es' };
    expect(problemsOf(wrong)).toEqual(['BW_BOKS', 'BW_BOOKS.0', 'BW_HEALTH_PORT', 'BW_LEASE']);
  });

  it('wants the books named', () => {
    expect(problemsOf({})).toEqual(['BW_BOOKS']);
  });

  it('leaves settings of tests and tools alone, and takes those that are its own too', () => {
    expect(() => readSettings(serviceSettings, { BW_REQUIRE_NATS: '1', BW_CATALOG: '/data' })).not.toThrow();
    const book = { BW_BOOK_FILE: 'book.yaml', BW_DATA_FILES: 'ES=catalog:ES:2025-10-01..,NQ=nq.csv' };
    const settings = readSettings(ingestionSettings, { ...book, BW_CATALOG: '/data' });
    expect(settings.BW_CATALOG).toBe('/data');
    expect(settings.BW_DATA_FILES).toEqual(['ES=catalog:ES:2025-10-01..', 'NQ=nq.csv']);
    expect(readSettings(ingestionSettings, book).BW_CATALOG).toBe('.bellwether/catalog');
  });
});
