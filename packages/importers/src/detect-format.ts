import zlib from 'node:zlib';
import fs from 'node:fs/promises';
import { BellwetherError } from '@bellwether/contracts';
import { isDatabentoHeader } from './databento-csv.js';
import { isDbn } from './dbn.js';
import { containerOf, firstBytes, type Container } from './file-bytes.js';
import { FIRSTRATE_HEADER, FIRSTRATE_ROW } from './firstratedata.js';
import { CONVENTIONS, type FormatName } from './format-names.js';
import { IQFEED_ROW, iqfeedFields } from './iqfeed.js';
import { KIBOT_ROW } from './kibot.js';
import { isLeanMember } from './lean-zip.js';
import { PROJECTX_START } from './projectx-json.js';
import { quoted, unclear, unreadable } from './refusals.js';
import { isScid } from './scid.js';
import { SEMICOLON_ROW } from './semicolon-minutes.js';
import { tradingviewColumns } from './tradingview.js';
import { zipMembers } from './zip-members.js';
import { ZstdFrames } from './zstd-frames.js';

/** Holds one block of zstd, which has up to 128 KB. */
const HEAD_BYTES = 256 * 1024;
const LINES_LOOKED_AT = 50;
const OWN_HEADER = 'ts,open,high,low,close,volume';

/** A layout that a file has, and what tells it. */
export interface FormatClaim {
  readonly format: FormatName;
  readonly evidence: string;
}

export interface DetectedFormat {
  readonly container: Container;
  /** One, or two that share a layout and differ in what their stamps mean. */
  readonly claims: readonly FormatClaim[];
}

/** The first lines of a text, without one that was cut. */
function linesOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const lines = text.split(/\r?\n/);
  if (lines.length > 1) lines.pop();
  return lines.filter((line) => line !== '').slice(0, LINES_LOOKED_AT);
}

const most = (lines: readonly string[], row: RegExp): boolean =>
  lines.length > 0 && lines.filter((line) => row.test(line)).length > lines.length / 2;

/** IQFeed's order of columns shows in the numbers: the first two are never below and never above the others. */
function iqfeedEvidence(lines: readonly string[]): string | null {
  if (!most(lines, IQFEED_ROW)) return null;
  let fitting = 0;
  let all = 0;
  for (const line of lines) {
    const [high = NaN, low = NaN, open = NaN, close = NaN] = (iqfeedFields(line)?.slice(1, 5) ?? []).map(
      Number,
    );
    if (Number.isNaN(close)) continue;
    all++;
    if (high >= Math.max(open, close) && low <= Math.min(open, close)) fitting++;
  }
  const shown = `seven or eight columns, high and low before open and close in ${fitting} of ${all} rows`;
  return fitting === all ? shown : null;
}

function textClaims(lines: readonly string[]): readonly FormatClaim[] {
  const header = (lines[0] ?? '').trim();
  const claims: FormatClaim[] = [];
  const claim = (format: FormatName, evidence: string): void => void claims.push({ format, evidence });
  if (header.toLowerCase() === OWN_HEADER) claim('bellwether_csv', `header ${OWN_HEADER}`);
  if (isDatabentoHeader(header))
    claim('databento_csv', 'header with ts_event, rtype, publisher_id, instrument_id');
  if (tradingviewColumns(header) !== null)
    claim('tradingview', 'header with time, open, high, low, close by name');
  if (PROJECTX_START.test(lines.join('\n'))) claim('projectx', 'JSON object with an array "bars"');
  if (most(lines, SEMICOLON_ROW)) {
    for (const format of ['ninjatrader', 'histdata'] as const)
      claim(format, 'no header, yyyyMMdd HHmmss, semicolons');
  }
  if (most(lines, KIBOT_ROW)) claim('kibot', 'no header, MM/dd/yyyy and HH:mm in columns of their own');
  const iqfeed = iqfeedEvidence(lines);
  if (iqfeed !== null) claim('iqfeed', iqfeed);
  const rows = FIRSTRATE_HEADER.test(header) ? lines.slice(1) : lines;
  if (most(rows, FIRSTRATE_ROW)) {
    const start = rows === lines ? 'no header' : `header ${header.slice(0, 60)}`;
    claim('firstratedata', `${start}, yyyy-MM-dd HH:mm:ss and five numbers`);
  }
  return claims;
}

function plainClaims(name: string, bytes: Buffer): readonly FormatClaim[] {
  if (isDbn(bytes)) return [{ format: 'dbn', evidence: `begins with DBN, version ${bytes[3]!}` }];
  if (isScid(bytes)) return [{ format: 'scid', evidence: 'begins with SCID' }];
  if (bytes.includes(0)) {
    throw unclear(
      name,
      'It is binary and begins like none of the formats that can be read',
      'convert it to one of them',
    );
  }
  return textClaims(linesOf(bytes));
}

/** The first bytes of what is packed. A cut piece is no error here: the reading of the whole file says what is wrong. */
function unpackedHead(name: string, container: Container, bytes: Buffer): Buffer {
  if (container === 'gzip') {
    try {
      return zlib.gunzipSync(bytes, {
        finishFlush: zlib.constants.Z_SYNC_FLUSH,
        maxOutputLength: 64 * 1024 * 1024,
      });
    } catch (cause) {
      throw unreadable(name, 'This is not valid gzip data. Copy the file again', cause);
    }
  }
  if (container !== 'zstd') return bytes;
  const parts: Buffer[] = [];
  let length = 0;
  for (const part of new ZstdFrames(name).unpack(bytes)) {
    parts.push(part);
    length += part.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts);
}

async function zipClaims(file: string, name: string): Promise<readonly FormatClaim[]> {
  const handle = await fs.open(file);
  try {
    const members = await zipMembers(handle, name);
    if (members.length > 0 && members.every((member) => isLeanMember(member.name))) {
      const evidence = `zip of ${members.length} members named as ${quoted(members[0]!.name)}`;
      return [{ format: 'lean', evidence }];
    }
    const found = members.length === 0 ? 'none' : quoted(members[0]!.name);
    throw unclear(
      name,
      `The zip holds no members named as LEAN names them (20131007_es_minute_trade_201312.csv), but ${found}`,
      'unpack it and import the file inside',
    );
  } finally {
    await handle.close();
  }
}

/**
 * What a file is, by its first bytes and lines. Nothing is taken from its name.
 *
 * @throws BellwetherError `format_unclear`, `data_empty`, `data_unreadable`
 */
export async function detectFormat(file: string, name: string): Promise<DetectedFormat> {
  const bytes = await firstBytes(file, name, HEAD_BYTES);
  if (bytes.length === 0) throw new BellwetherError('data_empty', `${name}: The file is empty`);
  const container = containerOf(bytes);
  const claims =
    container === 'zip'
      ? await zipClaims(file, name)
      : plainClaims(name, unpackedHead(name, container, bytes));
  const titles = new Set(claims.map(({ evidence }) => evidence));
  if (claims.length === 0) {
    throw unclear(
      name,
      `No format that can be read has such lines; the first one is ${quoted(headLine(name, container, bytes))}`,
      'compare it with the table in docs/reference/import.md, or give --format where you know it',
    );
  }
  if (titles.size > 1) {
    const list = claims.map(({ format, evidence }) => `${titleOf(format)} (${evidence})`).join(', or ');
    throw unclear(
      name,
      `It could be ${list}`,
      `give --format ${claims.map(({ format }) => format).join(' or ')}`,
    );
  }
  return { container, claims };
}

function headLine(name: string, container: Container, bytes: Buffer): string {
  return linesOf(unpackedHead(name, container, bytes))[0] ?? '';
}

export function titleOf(format: FormatName): string {
  return format === 'bellwether_csv' ? 'our own CSV' : CONVENTIONS[format].title;
}
