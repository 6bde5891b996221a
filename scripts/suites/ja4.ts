import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOLS } from '@sphinx/wire';
import type { Suite, SuiteCase } from '../suite.ts';
import { type FoundFingerprints, findFingerprints } from './ja4/found-fingerprints.ts';

/*
 * A case is one value that FoxIO expects of one connection of one of its captures. JA4 (client) and HASSH are compared;
 * the rest of JA4+ is under the FoxIO License 1.1, which Apache-2.0 cannot take in (see docs/fingerprints.md), and the raw
 * and unsorted forms of JA4 say no more than the value itself: both are unsupported.
 */

interface ExpectedStream {
  readonly src: string;
  readonly dst: string;
  readonly srcport: string;
  readonly dstport: string;
  readonly ssh_extras?: Readonly<Record<string, string>>;
  readonly [value: string]: unknown;
}

/** `JA4`, or `JA4.2` for the second hello of a connection. */
const JA4_NAME = /^JA4(?:\.(\d+))?$/;
const FORM_OF_JA4 = /^JA4_(r|o|ro)(\.\d+)?$/;
const LICENSED = /^JA4(S|H|X|L|T|SSH|D)/;

export const suite: Suite = {
  title: 'JA4 of TLS clients and HASSH of SSH, as FoxIO expects them in its captures',
  run: runFolder,
};

function* runFolder(folder: string): Iterable<SuiteCase> {
  const expected = join(folder, 'expected');
  if (!existsSync(expected)) {
    yield { id: 'expected', outcome: 'failed', reason: `There is no folder ${expected}` };
    return;
  }
  for (const file of readdirSync(expected)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const capture = file.slice(0, -'.json'.length);
    yield* runCapture(capture, join(folder, 'pcap', capture), readFileSync(join(expected, file), 'utf8'));
  }
}

function* runCapture(name: string, path: string, expected: string): Iterable<SuiteCase> {
  let found: FoundFingerprints;
  let streams: readonly ExpectedStream[];
  try {
    streams = JSON.parse(expected) as readonly ExpectedStream[];
    found = findFingerprints(path);
  } catch (error) {
    yield { id: name, outcome: 'failed', reason: `cannot be read: ${String(error)}`, cause: 'cannot be read' };
    return;
  }
  for (const stream of streams) {
    const { src, dst, srcport, dstport } = stream;
    const id = `${name} ${src}:${srcport} ${dst}:${dstport}`;
    const of = (kind: 'ja4' | 'hassh' | 'hasshServer') => found.of(kind, [src, srcport], [dst, dstport]);
    for (const [key, value] of Object.entries(stream)) {
      const number = JA4_NAME.exec(key)?.[1] ?? '1';
      if (JA4_NAME.test(key)) yield { id: `${id} ${key}`, ...judge(value, of('ja4')[Number(number) - 1]) };
      else yield* unsupported(`${id} ${key}`, key);
    }
    const { hassh, hassh_server: hasshServer } = stream.ssh_extras ?? {};
    if (hassh !== undefined) yield { id: `${id} hassh`, ...judge(hassh, of('hassh')[0]) };
    if (hasshServer !== undefined) yield { id: `${id} hassh_server`, ...judge(hasshServer, of('hasshServer')[0]) };
  }
}

/** @param found undefined when the connection shows none */
export function judge(expected: unknown, found: string | undefined): Omit<SuiteCase, 'id'> {
  const isNone = expected === '' && found === undefined;
  if (isNone) return { outcome: 'passed', reason: 'none, as FoxIO says' };
  if (found === expected) return { outcome: 'passed', reason: `${found}, as FoxIO says` };
  const isQuic = typeof expected === 'string' && expected.startsWith('q');
  if (found === undefined && isQuic && !PROTOCOLS.some(({ id }) => id === 'quic')) {
    return { outcome: 'unsupported', reason: 'SPHINX has no room for QUIC', cause: 'SPHINX has no room for QUIC' };
  }
  const reason = `FoxIO expects ${String(expected)}, SPHINX finds ${found ?? 'none'}`;
  return { outcome: 'failed', reason, cause: found === undefined ? 'SPHINX finds none' : 'another value' };
}

function* unsupported(id: string, key: string): Iterable<SuiteCase> {
  if (FORM_OF_JA4.test(key)) {
    const cause = 'raw and unsorted forms of JA4 are not kept';
    yield { id, outcome: 'unsupported', reason: cause, cause };
  } else if (LICENSED.test(key)) {
    const cause = `${/^JA4[A-Z]+/.exec(key)?.[0]} is under the FoxIO License 1.1`;
    yield { id, outcome: 'unsupported', reason: cause, cause };
  }
}
