import { BellwetherError, ERRORS, isErrorCode, type ErrorCode, type Problem } from '@bellwether/contracts';

/** The body of every answer that is not 2xx. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly next: string;
    readonly problems: readonly Problem[];
  };
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** A defect of ours: it is logged with its stack, and the answer says nothing of it. */
  readonly defect: boolean;
}

export function errorBody(code: ErrorCode, detail = '', problems: readonly Problem[] = []): ErrorBody {
  const { meaning, next } = ERRORS[code];
  return { error: { code, message: detail === '' ? meaning : detail, next, problems } };
}

/** Errors of the HTTP framework that a caller causes. */
const FRAMEWORK: Readonly<Record<string, { readonly code: ErrorCode; readonly detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', detail: '' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'unsupported_media_type', detail: '' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    detail: 'The body is not as long as its content-length says',
  },
  FST_ERR_BAD_URL: { code: 'invalid_request', detail: 'The path is not well-formed' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found', detail: 'A part of the path is too long' },
};

/** Errors of the bus, told without their text, which names subjects. */
const PLAIN: ReadonlySet<ErrorCode> = new Set(['outcome_unknown', 'bus_refused', 'journal_full']);

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

/** Status and body for whatever was thrown. */
export function errorAnswer(cause: unknown): ErrorAnswer {
  if (cause instanceof BellwetherError) {
    const status = cause.text.http_status;
    if (status !== null && status !== 500) {
      return { status, body: errorBody(cause.code, cause.detail, cause.problems), defect: false };
    }
  }
  const code = codeOf(cause);
  if (isErrorCode(code) && PLAIN.has(code)) {
    return { status: ERRORS[code].http_status ?? 503, body: errorBody(code), defect: false };
  }
  const framework = typeof code === 'string' && Object.hasOwn(FRAMEWORK, code) ? FRAMEWORK[code] : undefined;
  if (framework !== undefined) {
    const status = ERRORS[framework.code].http_status ?? 400;
    return { status, body: errorBody(framework.code, framework.detail), defect: false };
  }
  return { status: 500, body: errorBody('internal'), defect: true };
}
