import { markOf, unknownMark, type DataMark } from '@bellwether/verdict';
import type { ImportManifest } from './manifest.js';

/** What an import says of its bars, beside every profit and loss that is made of them. */
export function manifestMark({ source, origin, verdict, findings }: ImportManifest): DataMark {
  if (verdict === undefined) {
    return unknownMark(
      `${source.name} was imported before there were verdicts: import it again with --replace`,
    );
  }
  return markOf({ result: verdict.result, origin, findings }, source.name, verdict.accepted);
}
