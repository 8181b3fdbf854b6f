import { z } from 'zod';
import { errorAnswerSchema } from '../schema/answer-fields.js';

/** What the OpenAPI document says of a route. Requests are read by `readRequest`, which reports all problems together. */
export interface RouteDocument {
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly body?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly params?: z.ZodType;
  readonly response: Readonly<Record<number, z.ZodType>>;
}

/** The `schema` of a route: its own answers, and the one form of every refusal. */
export function documented(document: RouteDocument) {
  return {
    ...document,
    tags: [...document.tags],
    response: { ...document.response, '4xx': errorAnswerSchema, '5xx': errorAnswerSchema },
  };
}

/** A path parameter that holds an id. */
export const idParams = z.object({ id: z.string() });
