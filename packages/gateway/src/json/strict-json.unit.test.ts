import { describe, expect, it } from '@jest/globals';
import { BellwetherError } from '@bellwether/contracts';
import { JSON_DEPTH_MAX, parseStrictJson } from './strict-json.js';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

function refusal(text: string): BellwetherError {
  try {
    parse(text);
  } catch (cause) {
    if (cause instanceof BellwetherError) return cause;
  }
  throw new Error(`It was taken: ${text}`);
}

describe('parseStrictJson', () => {
  it.each([
    '{"a":{"b":1},"c":[{"b":1},{"b":2}],"b":3}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"\\\\"}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a",{"a":"a"}]}',
    ' {"a" : 1 , "b\\u0061" : 2 } ',
    '"a string"',
    'null',
    `${'['.repeat(JSON_DEPTH_MAX)}${']'.repeat(JSON_DEPTH_MAX)}`,
  ])('takes %s as JSON.parse does', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('names each key that stands twice, where it stands', () => {
    const { code, problems } = refusal('{"a":1,"b":{"c":1,"c":2,"d":[{"e":1,"e":2}]},"a":2}');
    expect(code).toBe('invalid_json');
    expect(problems.map((problem) => problem.path)).toEqual(['b.c', 'b.d.e', 'a']);
  });

  it('stops at the first level that is too deep', () => {
    expect(refusal(`${'['.repeat(20)}${']'.repeat(20)}`).problems).toHaveLength(1);
    expect(refusal('{"a":'.repeat(20) + '1' + '}'.repeat(20)).problems).toHaveLength(1);
  });

  it('does not echo the body', () => {
    const { problems } = refusal('{"password": hunter2}');
    expect(problems).toEqual([{ path: '', message: expect.stringMatching(/^Not well-formed JSON/) }]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});
