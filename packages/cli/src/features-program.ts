import { InvalidArgumentError, type Command } from 'commander';
import { featuresCheck } from './commands/features-check.js';
import { withSelection } from './program-options.js';

/** A run over a file costs its bars for each cut; this many are hours of work already. */
const COUNT_MAX = 1_000;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > COUNT_MAX) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${COUNT_MAX}.`);
  }
  return value;
}
