// Goal: a frame written part by part has the bytes of the frame written at once. Method: random frames, their parts added one
// by one, with everything in between that can happen between two stages.
import { describe, expect, it } from '@jest/globals';
import {
  ContractError,
  FrameEncoder,
  MESSAGE_BYTES_MAX,
  STAGES,
  encodeEntry,
  encodeFrame,
  type Frame,
  type StageName,
} from './index.js';
import { loadDefinitions, randomMessage, seeded, type Plain } from './random-messages.js';

const frameType = loadDefinitions().lookupType('bellwether.v1.Frame');
const FRAMES = 40;

/** A random frame with every part and an entry. */
function wholeFrame(seed: number): Frame {
  const frame: Plain = randomMessage(frameType, seeded(seed));
  for (const name of ['entry', ...STAGES]) {
    const type = frameType.fields[name]?.resolvedType;
    frame[name] ??= randomMessage(type as typeof frameType, seeded(seed + 1_000));
  }
  return frame as Plain & Frame;
}

function without(frame: Frame, parts: readonly StageName[]): Frame {
  const empty = Object.fromEntries(parts.map((name) => [name, null]));
  return { ...frame, ...empty, inferences: [] };
}

function add(encoder: FrameEncoder, frame: Frame, name: StageName): void {
  const part = frame[name];
  if (part !== null) encoder.add(name, part);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a frame that is written part by part', () => {
  it('has the bytes of the frame written at once, from whatever stage on', () => {
    for (let seed = 1; seed <= FRAMES; seed++) {
      const frame = wholeFrame(seed);
      const added = STAGES.slice(seed % STAGES.length);
      const encoder = new FrameEncoder();
      encoder.begin(without(frame, added));
      for (const name of added) add(encoder, frame, name);
      expect(hex(encoder.finish(frame))).toBe(hex(encodeFrame(frame)));
    }
  });

  it('has them also where other messages are written in between', () => {
    for (let seed = 1; seed <= FRAMES; seed++) {
      const frame = wholeFrame(seed);
      const other = new FrameEncoder();
      const encoder = new FrameEncoder();
      encoder.begin(without(frame, STAGES));
      STAGES.forEach((name, i) => {
        if (i === seed % STAGES.length && frame.entry !== null) encodeEntry(frame.entry);
        if (i === (seed + 3) % STAGES.length) other.begin(without(frame, STAGES));
        add(encoder, frame, name);
      });
      expect(hex(encoder.finish(frame))).toBe(hex(encodeFrame(frame)));
      expect(hex(other.finish(without(frame, STAGES)))).toBe(hex(encodeFrame(without(frame, STAGES))));
    }
  });

  it('has them also where parts come out of order or replace one that was there', () => {
    for (let seed = 1; seed <= FRAMES; seed++) {
      const frame = wholeFrame(seed);
      const encoder = new FrameEncoder();
      encoder.begin(seed % 2 === 0 ? frame : without(frame, STAGES));
      for (const name of STAGES.toReversed()) add(encoder, frame, name);
      expect(hex(encoder.finish(frame))).toBe(hex(encodeFrame(frame)));
    }
  });

  it('goes on after a part that cannot be written', () => {
    const frame = wholeFrame(1);
    const encoder = new FrameEncoder();
    encoder.begin(without(frame, STAGES));
    for (const name of STAGES) {
      const part = frame[name];
      if (part === null) continue;
      expect(() => encoder.add(name, { ...part, logic_version: -1 })).toThrow(ContractError);
      encoder.add(name, part);
    }
    expect(hex(encoder.finish(frame))).toBe(hex(encodeFrame(frame)));
  });

  it('gives what it is given in canonical form, and the very same object where it is so', () => {
    const frame = wholeFrame(2);
    const encoder = new FrameEncoder();
    const head = without(frame, STAGES);
    expect(encoder.begin(head)).toBe(head);
    expect(encoder.begin({ ...head, seq: -0 }).seq).toBe(0);
    const { forecast, regime } = frame;
    if (forecast === null || regime === null) throw new Error('Expected a whole frame');
    expect(encoder.add('regime', regime)).toBe(regime);
    expect(encoder.add('forecast', { ...forecast, p_online: -0 }).p_online).toBe(0);
    const unset = Object.fromEntries(Object.entries(forecast).filter(([key]) => key !== 'p_final'));
    expect(encoder.add('forecast', unset as typeof forecast).p_final).toBeNull();
  });

  it('is refused above the limit of a message', () => {
    const frame = wholeFrame(3);
    const inference = { stage: 's', model: 'x'.repeat(4_000), version: '1', sha256: '0', outputs: [] };
    const encoder = new FrameEncoder();
    const head = without(frame, STAGES);
    encoder.begin(head);
    const large = { ...head, inferences: Array.from({ length: 230 }, () => inference) };
    expect(() => encoder.finish(large)).toThrow(`Frame: Expected at most ${MESSAGE_BYTES_MAX} bytes`);
  });

  it('has them also where parts are the objects of the frame before, and only some', () => {
    let before = wholeFrame(1);
    for (let seed = 2; seed <= FRAMES; seed++) {
      const other = wholeFrame(seed);
      const mixed = Object.fromEntries(
        STAGES.map((name, i) => [name, (seed + i) % 3 === 0 ? other[name] : before[name]]),
      );
      const frame: Frame = { ...other, ...mixed, seq: seed * 1_000 };
      const { features } = frame;
      const earlier = before.features;
      const last =
        seed % 2 === 0 && features !== null && earlier !== null
          ? { ...frame, features: { ...features, zones: earlier.zones, streams: earlier.streams } }
          : frame;
      const encoder = new FrameEncoder();
      encoder.begin(without(last, STAGES));
      for (const name of STAGES) add(encoder, last, name);
      expect(hex(encoder.finish(last))).toBe(hex(encodeFrame(last)));
      before = last;
    }
  });

  it('keeps nothing of a part that was written in another form', () => {
    const frame = wholeFrame(4);
    const { forecast } = frame;
    if (forecast === null) throw new Error('Expected a whole frame');
    const odd = { ...forecast, p_online: -0 };
    for (let times = 0; times < 2; times++) {
      const encoder = new FrameEncoder();
      encoder.begin(without(frame, STAGES));
      expect(encoder.add('forecast', odd).p_online).toBe(0);
    }
  });

  it('looks at the keys of parts in the first frames and in each 64th', () => {
    const frame = wholeFrame(5);
    const { sizing } = frame;
    if (sizing === null) throw new Error('Expected a whole frame');
    const strange: typeof sizing = { ...sizing, ...{ mood: 1 } };
    const addedAt = (seq: number) => (): unknown => {
      const encoder = new FrameEncoder();
      encoder.begin({ ...without(frame, STAGES), seq });
      return encoder.add('sizing', { ...strange });
    };
    for (const seq of [1, 64, 1_000, 1_024, 1_088, 640_000]) expect(addedAt(seq)).toThrow(ContractError);
    for (const seq of [1_025, 1_087, 640_001]) expect(addedAt(seq)).not.toThrow();
  });
});
