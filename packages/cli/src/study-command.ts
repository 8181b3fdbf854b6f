import { InvalidArgumentError, CommanderError, type Command } from 'commander';

/** Seeds, worlds, sessions of a study on made-up markets. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  }
  return value;
}

/** Runs a command that is a process of its own. A wrong command line ends with exit code 2, its help with 0. */
export async function runStudy(command: Command): Promise<void> {
  try {
    await command.exitOverride().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
