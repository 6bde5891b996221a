import type { MatchContext } from './rule.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, RuleError, unquote } from './rule-error.ts';

const MICROS_PER_SECOND = 1_000_000;
const NOT_BEFORE = 'tls.cert.not_before';
const NOT_AFTER = 'tls.cert.not_after';

/** `2026-01-31T12:00:00` as far as it is given, or seconds since the epoch. @returns seconds since the epoch, UTC */
function parseTime(text: string): number {
  const trimmed = text.trim();
  if (/^\d{5,}$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:[T ](\d{1,2}))?(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(trimmed);
  if (match === null) throw new RuleError(`'${trimmed}' is no time`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** `tls_cert_notafter:>2026`, or two times with `<>` between them. */
function certificateTime(summary: string, field: string): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      const { text } = unquote(needValue(name, value));
      const [, low, high] = /^(.+?)\s*<>\s*(.+)$/.exec(text) ?? [];
      const [, operator = '', operand = ''] = /^([<>]?)\s*(.+)$/.exec(text) ?? [];
      const test =
        low !== undefined && high !== undefined
          ? between(parseTime(low), parseTime(high))
          : compared(operator, parseTime(operand));
      builder.numbers.push({ name: field, test });
      builder.impliedRooms.push(['tls']);
    },
  };
}

function between(low: number, high: number): (time: number) => boolean {
  if (low >= high) throw new RuleError('the times are not in order');
  return (time) => time > low && time < high;
}

function compared(operator: string, limit: number): (time: number) => boolean {
  switch (operator) {
    case '<':
      return (time) => time < limit;
    case '>':
      return (time) => time > limit;
    default:
      return (time) => time === limit;
  }
}

/** Whether the certificate is within its times when the packet comes. */
function certificateIsValid({ view, timeMicros }: MatchContext): boolean | undefined {
  const [notBefore] = view?.numbers?.[NOT_BEFORE] ?? [];
  const [notAfter] = view?.numbers?.[NOT_AFTER] ?? [];
  if (notBefore === undefined || notAfter === undefined) return undefined;
  const now = timeMicros / MICROS_PER_SECOND;
  return now >= notBefore && now <= notAfter;
}

function addValidity(builder: RuleBuilder, value: string | undefined, name: string, wanted: boolean): void {
  if (value !== undefined) throw new RuleError(`${name} takes no value`);
  // A number of the view makes it a rule on transactions.
  builder.numbers.push({ name: NOT_AFTER, test: () => true });
  builder.impliedRooms.push(['tls']);
  builder.checks.push((context) => certificateIsValid(context) === wanted);
}

/** `tls.subject:"CN=a.example"`: the name contains it. */
function nameContains(summary: string, buffer: string): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      const { isNegated, text } = unquote(needValue(name, value));
      const test = (bytes: Buffer) => bytes.includes(text, 0, 'latin1') !== isNegated;
      builder.addToBuffer(buffer, { kind: 'whole', test });
    },
  };
}

const notBefore = certificateTime('when the certificate begins to be valid', NOT_BEFORE);
const notAfter = certificateTime('when the certificate ends to be valid', NOT_AFTER);

/** Keywords on times and names of certificates (Suricata user guide, "SSL/TLS Keywords"). */
export const CERTIFICATE_KEYWORDS: KeywordTable = {
  tls_cert_notbefore: notBefore,
  'tls.cert_notbefore': notBefore,
  tls_cert_notafter: notAfter,
  'tls.cert_notafter': notAfter,
  tls_cert_expired: {
    summary: 'the certificate is not valid any more, or not yet',
    apply: (builder, value, name) => addValidity(builder, value, name, false),
  },
  tls_cert_valid: {
    summary: 'the certificate is valid when it is sent',
    apply: (builder, value, name) => addValidity(builder, value, name, true),
  },
  'tls.subject': nameContains('the subject of the certificate contains it', 'tls.cert_subject'),
  'tls.issuerdn': nameContains('the issuer of the certificate contains it', 'tls.cert_issuer'),
};
