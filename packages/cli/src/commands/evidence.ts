import { BellwetherError, EVIDENCE_NAMES, EvidenceStatus, mayDecide } from '@bellwether/contracts';
import {
  NO_EVIDENCE,
  STATUS_WORDS,
  evidenceLine,
  judged,
  numbersText,
  standingsOf,
  type EvidenceEntry,
} from '@bellwether/evidence';
import { readBookFile, readEvidence } from '@bellwether/host';
import { stageVersions } from '@bellwether/line';
import { planModels, type ModelOptions } from '../data/plan-models.js';
import { evidenceFile } from '../folders.js';
import { plainTable } from '../plain-table.js';

export interface EvidenceOptions extends ModelOptions {
  readonly evidence?: string;
  readonly book?: string;
  readonly json?: boolean;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const span = ({ data: { from, to } }: EvidenceEntry): string => `${from ?? '?'} to ${to ?? '?'}`;

/** `bw evidence list`: every entry, or how every part and arm of a book stands. */
export async function listEvidence(options: EvidenceOptions): Promise<void> {
  const file = evidenceFile(options.evidence ?? null);
  const known = await readEvidence(file);
  if (options.book !== undefined) {
    const { config, overridden } = (await readBookFile(options.book)).settings;
    const { promotions } = await planModels(config, options);
    const stages = stageVersions();
    const standings = standingsOf({ config, overridden, stages, promotions, evidence: known });
    if (options.json === true) {
      const named = standings.map((one) => ({ ...one, status: STATUS_WORDS[one.status] }));
      say(JSON.stringify(named, null, 1));
      return;
    }
    const rows = standings.map((one) => [
      ...[one.name, STATUS_WORDS[one.status]],
      mayDecide(one) ? (one.status === EvidenceStatus.PROVEN ? 'yes' : 'OVERRIDDEN') : 'in shadow',
      one.why,
    ]);
    say(`${evidenceLine({ standings })}\n\n${plainTable(['', 'status', 'decides', 'why'], rows)}`);
    return;
  }
  const entries = (known ?? NO_EVIDENCE).entries.map((one) => ({ ...one, ...judged(one) }));
  if (options.json === true) {
    say(JSON.stringify(entries, null, 1));
    return;
  }
  if (entries.length === 0) {
    say(`No evidence in ${file}: nothing is proven. See bw ablate --evidence.`);
    return;
  }
  const rows = entries.map((one) => [one.name, one.status, span(one), one.why]);
  say(plainTable(['', 'status', 'sessions', 'why'], rows));
}

/** `bw evidence show`: everything behind one name. */
export async function showEvidence(name: string, options: EvidenceOptions): Promise<void> {
  if (!EVIDENCE_NAMES.includes(name))
    throw new BellwetherError('usage', `There is no ${name}: expected ${EVIDENCE_NAMES.join(', ')}`);
  const file = evidenceFile(options.evidence ?? null);
  const own = ((await readEvidence(file)) ?? NO_EVIDENCE).entries.filter((one) => one.name === name);
  if (own.length === 0) {
    say(`${name}: unproven, no evidence in ${file}`);
    return;
  }
  for (const entry of own) say(textOf(entry));
}

function textOf(entry: EvidenceEntry): string {
  const { status, why } = judged(entry);
  const { numbers, data, run } = entry;
  const nature = data.synthetic ? 'SYNTHETIC' : 'market data';
  const sources = data.sources.map(
    ({ symbol, reference, sha256 }) => `${symbol}=${reference} ${sha256 ?? ''}`,
  );
  const models = run.models.map(({ model, sha256 }) => `${model} ${sha256.slice(0, 12)}`);
  return [
    `${entry.name}: ${status}`,
    `  why        ${why}`,
    `  numbers    ${numbersText(entry)}; p ${numbers.p ?? 'missing'}, among ${numbers.comparisons} comparisons ${numbers.p_adjusted ?? 'missing'}, asked ${run.times} time(s)`,
    `  trades     ${numbers.trades_with} with, ${numbers.trades_without} without`,
    `  data       ${nature}${data.in_sample ? ', IN SAMPLE' : ''}, ${span(entry)}, verdict ${data.verdict}: ${sources.join('; ')}`,
    `  run        ${run.id}: ${run.command}`,
    `  models     ${models.join(', ') || 'none'}`,
    `  logic      ${Object.entries(run.logic_versions)
      .map(([stage, version]) => `${stage} ${version}`)
      .join(', ')}`,
    `  settings   ${run.settings}`,
  ].join('\n');
}
