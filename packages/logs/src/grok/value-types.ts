import { isIP } from 'node:net';

/** Where a value ends, or −1 where none begins. */
export type ValueScanner = (text: string, at: number) => number;

/*
 * Kinds of values by name. Each is found in one pass from where it begins: every expression is one loop over one class of
 * characters, or has fixed lengths, so that no text makes it slow.
 */
const EXPRESSIONS: Readonly<Record<string, RegExp>> = {
  WORD: /[\p{L}\p{N}_-]+/uy,
  INT: /[+-]?\d+/y,
  NUMBER: /[+-]?\d+(?:\.\d+)?/y,
  HEX: /(?:0x)?[0-9A-Fa-f]+/y,
  HOST: /[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?/y,
  MAC: /[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}/y,
  UUID: /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/y,
  PATH: /(?:[A-Za-z]:\\|\/)[^\s"'<>|]*/y,
  TIME: /\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?/y,
  ISODATE:
    /\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ] ?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|CEST|CET|[+-]\d{2}(?::?\d{2})?)(?![A-Za-z]))?)?/y,
  HTTPDATE: /\d{1,2}\/[A-Za-z]{3}\/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: [+-]\d{4})?/y,
  SYSLOGDATE: /[A-Z][a-z]{2} [ \d]?\d(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: [A-Z]{3,4})?/y,
  CTIME: /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: \d{4})?/y,
  DAYFIRSTDATE: /\d{1,2}[-. /][A-Za-z]{3}[-. /]\d{4}[ ,T]\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?/y,
  NUMERICDATE:
    /\d{1,2}[./-]\d{1,2}[./-]\d{4},?[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm](?![A-Za-z]))?/y,
  COMPACTDATE: /(?:19|20)\d{6}[T ]?\d{6}(?:[.,]\d{1,9})?(?:Z|[+-]\d{4})?(?!\d)/y,
};

const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}(?![\d])/y;
const IPV6 = /[0-9A-Fa-f:.]{2,45}(?:%[\w.-]{1,16})?/y;

function scanExpression(expression: RegExp): ValueScanner {
  return (text, at) => {
    expression.lastIndex = at;
    return expression.test(text) ? expression.lastIndex : -1;
  };
}

const scanIpv4 = scanExpression(IPV4);
const scanIpv6 = scanExpression(IPV6);

function scanIp(text: string, at: number): number {
  const four = scanIpv4(text, at);
  if (four >= 0 && isIP(text.slice(at, four)) === 4) return four;
  let six = scanIpv6(text, at);
  // What follows an address may be a colon or a full stop.
  for (let tries = 0; six > at + 1 && tries < 3; tries++, six--) {
    if (isIP(text.slice(at, six)) !== 0) return six;
  }
  return -1;
}

/** Text in double or single quotes with backslashes before what would end it; the quotes belong to it. */
function scanQuoted(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return -1;
  for (let place = at + 1; place < text.length; place++) {
    if (text[place] === '\\') place++;
    else if (text[place] === quote) return place + 1;
  }
  return -1;
}

/** Kinds of values that a pattern may name, beside those that reach up to the text behind them. */
export const VALUE_SCANNERS: ReadonlyMap<string, ValueScanner> = new Map<string, ValueScanner>([
  ...Object.entries(EXPRESSIONS).map(([name, expression]) => [name, scanExpression(expression)] as const),
  ['IP', scanIp],
  ['QUOTED', scanQuoted],
]);
