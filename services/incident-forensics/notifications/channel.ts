import { Severity } from '@sphinx/schema';
import { z } from 'zod';

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time as 22:00');
const Address = z.email();

/** Where news of incidents goes. Passwords, tokens and addresses that are secrets are kept apart, encrypted. */
export const ChannelTarget = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('mail'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
    security: z.enum(['starttls', 'tls', 'none']),
    /** Empty: no login. The password is the secret. */
    username: z.string(),
    from: Address,
    to: z.array(Address).min(1).max(50),
    authority: z
      .string()
      .max(50_000)
      .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), 'Paste a certificate in PEM')
      .default('')
      .meta({
        description: "Certificate of the hospital's own authority, in PEM; empty: the public ones are believed",
      }),
  }),
  z.object({ kind: z.literal('webhook'), url: z.url({ protocol: /^https?$/ }) }),
  z.object({ kind: z.enum(['teams', 'slack']) }).meta({ description: 'The address of the webhook is the secret' }),
  z.object({
    kind: z.literal('matrix'),
    homeserver: z.url({ protocol: /^https?$/ }),
    room: z.string().startsWith('!'),
  }),
  z.object({
    kind: z.literal('syslog'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
    transport: z.enum(['udp', 'tcp']),
    format: z.enum(['rfc5424', 'cef']),
  }),
]);
export type ChannelTarget = z.infer<typeof ChannelTarget>;

/** Who is called at which hours, from which severity on. */
export const Shift = z.object({
  name: z.string().min(1).max(200),
  address: Address,
  days: z.array(z.int().min(1).max(7)).min(1).meta({ description: '1 is Monday' }),
  from: Time,
  until: Time.meta({ description: 'Before `from`: it ends the next day' }),
  leastSeverity: Severity,
});
export type Shift = z.infer<typeof Shift>;

export const ChannelSettings = z.object({
  name: z.string().trim().min(1).max(200),
  isEnabled: z.boolean(),
  leastSeverity: Severity,
  events: z.array(z.enum(['opened', 'updated', 'closed'])).min(1),
  quietHours: z
    .object({
      from: Time,
      until: Time,
      /** From this severity on it is told all the same. */
      exceptFrom: Severity,
    })
    .nullable()
    .meta({ description: 'What comes in these hours is told when they end' }),
  timeZone: z.string().refine(isTimeZone, 'Write a time zone such as Europe/Berlin'),
  /** Of mail: whoever is on call gets it too. */
  onCall: z.array(Shift).max(100),
  target: ChannelTarget,
});
export type ChannelSettings = z.infer<typeof ChannelSettings>;

export interface Channel extends ChannelSettings {
  readonly id: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** @returns whether a channel tells of this at all */
export function isWanted(
  { isEnabled, leastSeverity, events }: ChannelSettings,
  event: string,
  severity: Severity,
): boolean {
  return isEnabled && events.some((each) => each === event) && rank(severity) >= rank(leastSeverity);
}

/** @returns when it may be told: now, or when the quiet hours end; milliseconds since the Unix epoch */
export function mayTellAt({ quietHours, timeZone }: ChannelSettings, severity: Severity, now: number): number {
  if (quietHours === null || rank(severity) >= rank(quietHours.exceptFrom)) return now;
  const minute = clockOf(now, timeZone).minutes;
  const [from, until] = [minutesOf(quietHours.from), minutesOf(quietHours.until)];
  if (!isWithin(minute, from, until)) return now;
  const wait = (until - minute + DAY_MINUTES) % DAY_MINUTES;
  return Math.floor(now / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS;
}

/** @returns mail addresses of those on call at a time */
export function onCallAt({ onCall, timeZone }: ChannelSettings, severity: Severity, now: number): readonly string[] {
  const { minutes, day } = clockOf(now, timeZone);
  return onCall
    .filter(({ days, from, until, leastSeverity }) => {
      if (rank(severity) < rank(leastSeverity)) return false;
      const [start, end] = [minutesOf(from), minutesOf(until)];
      const isOfYesterday = end <= start && minutes < end;
      const shiftDay = isOfYesterday ? ((day + 5) % 7) + 1 : day;
      return days.includes(shiftDay) && isWithin(minutes, start, end);
    })
    .map(({ address }) => address);
}

function isWithin(minute: number, from: number, until: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

function rank(severity: Severity): number {
  return Severity.options.indexOf(severity);
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What clocks show there. */
function clockOf(time: number, timeZone: string): { readonly minutes: number; readonly day: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { minutes: Number(of('hour')) * 60 + Number(of('minute')), day: WEEKDAYS.indexOf(of('weekday')) + 1 };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
