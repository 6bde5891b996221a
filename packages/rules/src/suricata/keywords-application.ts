import { BUFFER_ALIASES, BUFFERS, findBuffer, NOT_GIVEN } from './buffers.ts';
import { parseIntegerTest } from './integer-test.ts';
import { DATASET_KEYWORDS } from './keywords-dataset.ts';
import { NUMBER_FIELDS, type NumberField } from './number-fields.ts';
import type { NumberCondition } from './rule.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError, unquote } from './rule-error.ts';
import { createTransform, TRANSFORMS } from './transforms.ts';

const BUFFER_KEYWORDS: KeywordTable = Object.fromEntries(
  [...BUFFERS.keys(), ...Object.keys(BUFFER_ALIASES)].flatMap((keyword) => {
    const info = findBuffer(keyword);
    if (info === undefined || info.from === 'payload') return [];
    const from = info.protocols.length === 0 ? 'the packet' : info.protocols.join(', ');
    const apply: Keyword['apply'] = (builder, value, name) => {
      const side = value === undefined ? undefined : sideOf(value);
      if (value !== undefined && side === undefined) throw new RuleError(`${name} takes no value`);
      builder.select(info, side);
    };
    return [[keyword, { summary: `buffer of ${from}${keyword === info.name ? '' : `: ${info.name}`}`, apply }]];
  }),
);

/** @returns the side of a transaction that a word names */
function sideOf(word: string): 'to-server' | 'to-client' | undefined {
  switch (word.trim()) {
    case 'to_server':
      return 'to-server';
    case 'to_client':
      return 'to-client';
    default:
      return undefined;
  }
}

const REJECTED_KEYWORDS: KeywordTable = Object.fromEntries(
  NOT_GIVEN.map((keyword) => [
    keyword,
    {
      summary: 'rejected: no protocol room gives it',
      apply: () => {
        throw new RuleError(`${keyword}: no protocol room gives it`);
      },
    },
  ]),
);

const TRANSFORM_KEYWORDS: KeywordTable = Object.fromEntries(
  Object.entries(TRANSFORMS).map(([keyword, { summary }]) => [
    keyword,
    {
      summary: `transformation: ${summary}`,
      apply: (builder: RuleBuilder, value: string | undefined) => builder.transform(createTransform(keyword, value)),
    },
  ]),
);

const NUMBER_KEYWORDS: KeywordTable = Object.fromEntries(
  Object.entries(NUMBER_FIELDS).map(([keyword, numberField]) => [
    keyword,
    {
      summary: numberField.summary,
      apply: (builder: RuleBuilder, value: string | undefined, name: string) => {
        const text = needValue(name, value).replace(/^"(.*)"$/, '$1');
        const [, word = '', rest = text] = /^(to_server|to_client)\s*,(.*)$/.exec(text) ?? [];
        const side = sideOf(word);
        if (side !== undefined) builder.implySide(side);
        const condition: NumberCondition = {
          name: numberField.field ?? keyword,
          ...parseNumberTest(rest, numberField),
          ...(side === undefined ? {} : { side }),
        };
        builder.numbers.push(condition);
        builder.impliedRooms.push(numberField.rooms);
      },
    },
  ]),
);

/** `5`, `>5` or a name, and behind it which of several values: `any`, `all`, `0`, `-1`. Of a list, any may hold. */
function parseNumberTest(
  text: string,
  { names = {}, isList = false, isToldOneByOne = false }: NumberField,
): Pick<NumberCondition, 'test' | 'place'> {
  if (isList) {
    const tests = text.split(',').map((part) => parseIntegerTest(part, names));
    return { test: (number: number) => tests.some((test) => test(number)) };
  }
  const [, comparison = text, place = 'any'] = /^(.*?)\s*,\s*(any|all|-?\d+)$/.exec(text) ?? [];
  if (place !== 'any' && isToldOneByOne) throw new RuleError(`the sensor does not give the place ${place}`);
  const test = parseIntegerTest(comparison, names);
  return place === 'any' ? { test } : { test, place: place === 'all' ? 'all' : Number(place) };
}

/** `urilen:10<>20,norm`. */
function applyUriLength(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [comparison = '', kind = 'norm'] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  if (kind !== 'norm' && kind !== 'raw') throw new RuleError(`urilen: '${kind}' is unknown`);
  const test = parseIntegerTest(comparison);
  builder.addToBuffer(kind === 'raw' ? 'http.uri.raw' : 'http.uri', { kind: 'bsize', test });
}

function applyProtocol(builder: RuleBuilder, value: string | undefined, name: string): void {
  const { isNegated, text } = unquote(needValue(name, value));
  const [protocol = '', mode = 'final'] = text.split(',').map((part) => part.trim());
  if (!['final', 'original', 'either', 'to_server', 'to_client', 'toserver', 'toclient'].includes(mode)) {
    throw new RuleError(`app-layer-protocol: '${mode}' is unknown`);
  }
  const rooms = builder.resources.roomsOf(protocol);
  if (rooms === undefined) throw new RuleError(`app-layer-protocol: ${protocol} is unknown`);
  builder.needsMoreThanAddresses = true;
  builder.namesProtocol = true;
  builder.checks.push(({ flow }) => {
    if (flow === undefined || (flow.protocol === undefined && protocol !== 'failed' && protocol !== 'unknown'))
      return false;
    const isIt = flow.protocol === undefined ? protocol !== '' && rooms.length === 0 : rooms.includes(flow.protocol);
    return isIt !== isNegated;
  });
}

function applyApplicationEvent(builder: RuleBuilder, value: string | undefined, name: string): void {
  const event = needValue(name, value).trim();
  if (!builder.resources.events.has(event)) throw new RuleError(`app-layer-event: the sensor does not give ${event}`);
  builder.events.push(event);
  const rooms = builder.resources.roomsOf(event.split('.')[0] ?? '');
  if (rooms !== undefined) builder.impliedRooms.push(rooms);
}

function applyAbsent(builder: RuleBuilder, value: string | undefined): void {
  const buffer = builder.selected('absent');
  if (value !== undefined && value !== 'or_else') throw new RuleError(`absent: '${value}' is unknown`);
  buffer.absent = value === undefined ? 'must' : 'or_else';
}

/** `entropy: value > 4.5, bytes 100, offset 0`: Shannon entropy in bits per byte. */
function applyEntropy(builder: RuleBuilder, value: string | undefined, name: string): void {
  const parts = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const own = (word: string) => parts.map((part) => new RegExp(`^${word}\\s+(\\d+)$`).exec(part)?.[1]).find(Boolean);
  const comparison = parts.map((part) => /^value\s*(<=|>=|<|>|=|!=)?\s*(\d+(?:\.\d+)?)$/.exec(part)).find(Boolean);
  if (comparison === undefined || comparison === null) throw new RuleError('entropy has no value to compare with');
  const [, operator = '=', operand = ''] = comparison;
  const compare = FLOAT_COMPARISONS[operator];
  if (compare === undefined) throw new RuleError(`entropy: '${operator}' is unknown`);
  const start = parseNumber(own('offset') ?? '0', 'offset', 0);
  const count = parseNumber(own('bytes') ?? '0', 'bytes', 0);
  builder.selected(name).conditions.push({
    kind: 'whole',
    test: (bytes) => {
      const part = bytes.subarray(start, count === 0 ? undefined : start + count);
      return part.length > 0 && compare(shannonEntropy(part), Number(operand));
    },
  });
}

const FLOAT_COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
  '=': (left, right) => Math.abs(left - right) < 1e-9,
  '!=': (left, right) => Math.abs(left - right) >= 1e-9,
};

function shannonEntropy(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts) {
    if (count === 0) continue;
    const share = count / bytes.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}

/** `filemd5:list.txt`: digests of a file, one a line. */
function fileDigest(algorithm: 'md5' | 'sha1' | 'sha256'): Keyword {
  return {
    summary: `${algorithm} of the file is in a list`,
    apply: (builder, value, name) => {
      const { isNegated, text } = unquote(needValue(name, value));
      const content = builder.resources.readFile(text);
      if (content === undefined) throw new RuleError(`${name}: there is no file ${text}`);
      const digests = new Set(content.split('\n').map((line) => (line.trim().split(/\s+/)[0] ?? '').toLowerCase()));
      digests.delete('');
      const test = (bytes: Buffer) => digests.has(bytes.toString('latin1')) !== isNegated;
      builder.addToBuffer(`file.${algorithm}`, { kind: 'whole', test });
    },
  };
}

/** A keyword with a text that a buffer must contain. */
function textOf(summary: string, buffer: string, isExtension = false): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      const { isNegated, text } = unquote(needValue(name, value));
      const wanted = text.toLowerCase();
      const test = (bytes: Buffer) => {
        const given = bytes.toString('latin1').toLowerCase();
        return (isExtension ? given.endsWith(`.${wanted}`) : given.includes(wanted)) !== isNegated;
      };
      builder.addToBuffer(buffer, { kind: 'whole', test });
    },
  };
}

/** Keywords on what protocol rooms give. */
export const APPLICATION_KEYWORDS: KeywordTable = {
  ...BUFFER_KEYWORDS,
  ...REJECTED_KEYWORDS,
  ...TRANSFORM_KEYWORDS,
  ...NUMBER_KEYWORDS,
  ...DATASET_KEYWORDS,
  urilen: { summary: 'length of http.uri or http.uri.raw', apply: applyUriLength },
  'app-layer-protocol': { summary: 'the protocol that was recognised', apply: applyProtocol },
  'app-layer-event': { summary: 'what a protocol room found odd', apply: applyApplicationEvent },
  absent: { summary: 'the buffer is not there', apply: applyAbsent },
  entropy: { summary: 'Shannon entropy of the buffer', apply: applyEntropy },
  filemd5: fileDigest('md5'),
  filesha1: fileDigest('sha1'),
  filesha256: fileDigest('sha256'),
  'ssh.softwareversion': textOf('the name of the SSH software contains it', 'ssh.software'),
  'ssh.protoversion': {
    summary: 'version of SSH',
    apply: (builder, value, name) => {
      const wanted = unquote(needValue(name, value)).text;
      const versions = wanted === '2_compat' ? ['2.0', '1.99'] : [wanted];
      builder.addToBuffer('ssh.proto', { kind: 'whole', test: (bytes) => versions.includes(bytes.toString('latin1')) });
    },
  },
  filename: textOf('the name of the file contains it', 'file.name'),
  fileext: textOf('the name of the file ends with it', 'file.name', true),
  filemagic: textOf('the type of the file contains it', 'file.magic'),
};
