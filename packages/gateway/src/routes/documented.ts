import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { errorAnswerSchema } from '../schema/answer-fields.js';
import { noQueryForm } from '../schema/queries.js';
import { readRequest } from '../schema/request.js';

/** An answer: JSON of this schema, or another content type. */
type AnswerDocument =
  | z.ZodType
  | {
      readonly description: string;
      readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
    };

/**
 * What the OpenAPI document says of a route. Requests are read by `readRequest`, which reports all problems
 * together.
 */
export interface RouteDocument {
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly body?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly params?: z.ZodType;
  readonly response: Readonly<Record<number, AnswerDocument>>;
}

/** The `schema` of a route: its own answers, and the one form of every refusal. */
export function documented(document: RouteDocument) {
  return {
    ...document,
    tags: [...document.tags],
    response: { ...document.response, '4xx': errorAnswerSchema, '5xx': errorAnswerSchema },
  };
}

/** Throws {@link BellwetherError} where a route without a query is sent one. */
export function takesNoQuery(request: FastifyRequest): void {
  readRequest(noQueryForm, request.query, nothingToCheck);
}

/** For forms that say all there is to say. */
export const nothingToCheck = (): void => undefined;

/** A path parameter that holds an id. */
export const idParams = z.object({ id: z.string() });
