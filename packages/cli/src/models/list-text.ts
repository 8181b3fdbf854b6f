import { slotOf, type RegistryChange, type RegistryState } from '@bellwether/models';
import { chicagoText } from '@bellwether/market';
import { plainTable } from '../plain-table.js';

const HASH_LENGTH = 12;

/** The places of a registry as a table. */
export function renderModels({ slots }: RegistryState, place: string): string {
  if (slots.length === 0) return `No model in ${place}. \`bw train all\` makes some.`;
  const rows = slots.map(({ name, regime, champion, challenger, previous, versions }) => {
    const sha256 = versions.find(({ version }) => version === champion)?.sha256 ?? '';
    return [
      slotOf(name, regime),
      champion ?? 'none',
      sha256.slice(0, HASH_LENGTH),
      challenger ?? '',
      previous ?? '',
      versions.length,
    ];
  });
  const head = ['place', 'champion', 'sha256', 'challenger', 'previous', 'versions'];
  return plainTable(head, rows, [5]);
}

/** One change: when, what, who, why. */
export function renderChange({ at_us, slot, action, version, by, reason }: RegistryChange): string {
  const what = version === '' ? action : `${action} ${version}`;
  return `${chicagoText(at_us)} Chicago  ${slot}  ${what}  by ${by}${reason === '' ? '' : `: ${reason}`}`;
}

export function renderHistory({ history }: RegistryState): string {
  return history.length === 0 ? 'Nothing has happened yet.' : history.map(renderChange).join('\n');
}
