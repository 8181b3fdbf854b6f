import type { FastifyBaseLogger } from 'fastify';
import { BusRefused, OutcomeUnknown, type Bus } from '@bellwether/bus';
import {
  BellwetherError,
  ContractError,
  decodeAuditAnswer,
  encodeAuditQuery,
  subjects,
  type AuditAnswer,
  type AuditQuery,
} from '@bellwether/contracts';
import { GATEWAY_METRICS, type GatewayMetrics } from '../metrics.js';

/** What narrows an answer; what is left out does not. */
export type AuditFilter = Partial<Omit<AuditQuery, 'book' | 'limit'>>;

const EVERYTHING: Omit<AuditQuery, 'book' | 'limit'> = {
  ...{ seq: null, entry_id: null, before_seq: null, from_us: null, to_us: null },
  ...{ action: null, reason: null, symbol: null, strategy: null, asked_only: false },
};

export interface AuditReaderOptions {
  readonly bus: Bus;
  readonly logger: FastifyBaseLogger;
  readonly metrics: GatewayMetrics;
  readonly timeoutMs: number;
  /** Questions under way at one time. */
  readonly questionsMax: number;
}

/** Asks the audit log of a book, within bounds. */
export class AuditReader {
  #asking = 0;

  constructor(private readonly options: AuditReaderOptions) {}

  /** Throws {@link BellwetherError} `audit_unavailable` where no answer comes, `too_busy` beyond the bound. */
  async ask(book: string, filter: AuditFilter, limit: number): Promise<AuditAnswer> {
    const { bus, timeoutMs, questionsMax } = this.options;
    if (this.#asking >= questionsMax) {
      this.#count(book, 'too_busy');
      throw new BellwetherError('too_busy', `${questionsMax} questions to the audit log wait already`);
    }
    this.#asking += 1;
    try {
      const question = encodeAuditQuery({ ...EVERYTHING, ...filter, book, limit });
      const bytes = await bus.request(subjects.auditQuery(book), question, timeoutMs);
      const answer = decodeAuditAnswer(bytes);
      if (answer.error !== '') throw this.#unavailable(book, `${answer.error} ${answer.detail}`);
      this.#count(book, 'answered');
      return answer;
    } catch (cause) {
      const passing =
        cause instanceof BusRefused || cause instanceof OutcomeUnknown || cause instanceof ContractError;
      throw passing ? this.#unavailable(book, cause.message) : cause;
    } finally {
      this.#asking -= 1;
    }
  }

  #unavailable(book: string, detail: string): BellwetherError {
    this.#count(book, 'unavailable');
    this.options.logger.warn({ book, detail }, 'The audit log does not answer');
    return new BellwetherError('audit_unavailable', '');
  }

  #count(book: string, outcome: string): void {
    this.options.metrics.increment(GATEWAY_METRICS.auditQuestions.name, { book, outcome });
  }
}
