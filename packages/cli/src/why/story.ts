import { Action, ActionName, DataOrigin, PolicyName, type Frame } from '@bellwether/contracts';
import { chicagoText } from '@bellwether/market';
import { SYNTHETIC_LINE } from '../replay/report.js';
import { cameIn } from './entry-lines.js';
import { features, forecast, regime } from './market-lines.js';
import { portfolio } from './portfolio-lines.js';
import { risk, sizing } from './risk-lines.js';
import { strategies } from './strategy-lines.js';
import { reason } from './words.js';

/** One heading and its lines. */
interface Chapter {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A decision frame told from what came in to what went out, in words. */
export function tellStory(frame: Frame): string {
  const chapters: Chapter[] = [
    verdict(frame),
    { title: 'What came in', lines: cameIn(frame.entry) },
    { title: 'Features', lines: features(frame) },
    { title: 'Regime', lines: regime(frame) },
    { title: 'Forecast', lines: forecast(frame) },
    { title: 'Portfolio', lines: portfolio(frame) },
    { title: 'Strategies', lines: strategies(frame) },
    { title: 'Size', lines: sizing(frame) },
    { title: 'Risk', lines: risk(frame) },
  ];
  const body = chapters.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  const mark = frame.origin === DataOrigin.SYNTHETIC ? [SYNTHETIC_LINE] : [];
  return [...mark, ...body].join('\n\n');
}

function verdict(frame: Frame): Chapter {
  const { risk: part } = frame;
  if (part === null)
    return { title: `Frame ${frame.book}-${frame.seq}`, lines: ['The risk stage has not spoken.'] };
  const action =
    part.action === Action.BUY || part.action === Action.SELL
      ? `${ActionName[part.action].toUpperCase()} ${part.size}`
      : ActionName[part.action].toUpperCase();
  const lines = [reason(part.reason), `policy ${PolicyName[part.policy]}`];
  if (part.valid_until_us !== null) lines.push(`may be acted on until ${chicagoText(part.valid_until_us)}`);
  return { title: `Decision ${part.decision_id}: ${action}`, lines };
}
