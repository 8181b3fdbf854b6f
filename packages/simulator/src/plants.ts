/**
 * Bugs that the simulator must find. Each is one exact replacement in a compiled file of the product, made while it is
 * loaded: the product holds no switch for it. A text that does not stand there exactly once is an error, for then the
 * plant is out of date and would prove nothing.
 */
export interface Plant {
  readonly name: string;
  /** The bug, in words. */
  readonly bug: string;
  /** The package and its compiled file. */
  readonly package: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const HOST = { package: '@bellwether/host', file: 'book-host.js' } as const;

const APPEND = `const sequence = await bus.append(this.output, step.bytes, {
            expectedLastSequence: before.outputSequence,
        });`;

/** The first five are those that every run of the simulator must be able to find; the others came with its own finds. */
export const PLANTS: readonly Plant[] = [
  {
    ...HOST,
    name: 'skip-sequence-check',
    bug: 'an output goes behind whatever is there, not behind the own last one',
    find: 'expectedLastSequence: before.outputSequence,',
    replace: 'expectedLastSequence: (await bus.last(this.output))?.sequence ?? 0,',
  },
  {
    ...HOST,
    name: 'snapshot-before-acknowledgement',
    bug: 'a snapshot is saved before the frame that it covers is acknowledged',
    find: APPEND,
    replace: `this.moveTo(step, input.sequence, before.outputSequence + 1);
        if (step.frame.seq - this.savedSeq >= this.options.snapshotEveryFrames) await this.saveSnapshot();
        ${APPEND}`,
  },
  {
    ...HOST,
    name: 'ignore-gap',
    bug: 'a frame that skips others is taken as the next one',
    find: 'if (frame.seq > head.seq + 1) {',
    replace: 'if (false) {',
  },
  {
    ...HOST,
    name: 'forget-latch',
    bug: 'the loss latches are not in what a restart restores',
    find: 'const { head, states, inputSequence, outputSequence } = snapshot;',
    replace: `const { head, inputSequence, outputSequence } = snapshot;
            const latches = { soft_trade_date: 0, kill_trade_date: 0 };
            const states = snapshot.states.map((state) => state?.latches ? { ...state, latches } : state);`,
  },
  {
    ...HOST,
    name: 'publish-twice',
    bug: 'a lost acknowledgement is answered by appending the frame again, behind itself if need be',
    find: APPEND,
    replace: `let sequence;
        try {
            sequence = await bus.append(this.output, step.bytes, {
                expectedLastSequence: before.outputSequence,
            });
        } catch (cause) {
            if (cause.code !== 'outcome_unknown') throw cause;
            const last = await bus.last(this.output);
            sequence = await bus.append(this.output, step.bytes, {
                expectedLastSequence: last?.sequence ?? 0,
            });
        }`,
  },
  {
    ...HOST,
    name: 'take-repeat',
    bug: 'an entry that is delivered again is decided again',
    find: 'if (message.sequence <= inputSequence)',
    replace: 'if (false)',
  },
  {
    package: '@bellwether/host',
    file: 'snapshot.js',
    name: 'trust-snapshot',
    bug: 'a snapshot is used without a look at its checksum',
    find: 'if (!digest.equals(',
    replace: 'if (false && !digest.equals(',
  },
  {
    package: '@bellwether/host',
    file: 'stage-unit.js',
    name: 'ask-model-again',
    bug: 'a replay asks the model again instead of taking the recorded answers',
    find: 'const outputs = recorded === null',
    replace: 'const outputs = recorded !== undefined',
  },
  {
    package: '@bellwether/execution',
    file: 'execution-session.js',
    name: 'input-done-early',
    bug: 'a raw input counts as done before it is in the journal',
    find: 'const found = await journal.look(entry);',
    replace: 'this.#inputSequence = sequence; const found = await journal.look(entry);',
  },
  {
    package: '@bellwether/audit',
    file: 'resume.js',
    name: 'keep-torn-tail',
    bug: 'the audit log goes on behind the torn end of an unfinished commit',
    find: 'await files.truncate(end.file, end.bytes);',
    replace: '',
  },
  {
    package: '@bellwether/portfolio',
    file: 'account/ledger.js',
    name: 'floor-falls',
    bug: 'after a trade date that lost, the floor of the account follows the balance down',
    find: 'return Math.max(floor_cents, Math.min(profile.floor_lock_cents, from_cents - profile.max_loss_cents));',
    replace: 'return Math.min(profile.floor_lock_cents, from_cents - profile.max_loss_cents);',
  },
  {
    package: '@bellwether/portfolio',
    file: 'levels.js',
    name: 'loosen-stop',
    bug: 'a stop that should come nearer goes as far away instead',
    find: 'return side === Side.SHORT ? Math.min(present, candidate) : Math.max(present, candidate);',
    replace: 'return present + present - candidate;',
  },
];

export function plantNamed(name: string): Plant | null {
  return PLANTS.find((plant) => plant.name === name) ?? null;
}
