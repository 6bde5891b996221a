import type { Session } from './session.ts';
import type { TerminalFrame } from './session-event.ts';

/** A pair of user and password that was tried in a session. */
export interface TriedCredential {
  readonly user: string;
  readonly secret: string;
  readonly tries: number;
  readonly accepted: number;
}

/** https://docs.asciinema.org/manual/asciicast/v2/ */
export function asciicast({ startedAt, decoyName }: Session, frames: readonly TerminalFrame[]): string {
  const head = { version: 2, width: 120, height: 32, timestamp: Math.floor(startedAt / 1000), title: decoyName };
  return `${[head, ...frames].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** @returns the session with every password that was tried made unreadable: somebody may have mistyped a real one */
export function withoutSecrets(session: Session): Session {
  const events = session.events.map((event) =>
    typeof event.data?.secret === 'string'
      ? { ...event, data: { ...event.data, secret: masked(event.data.secret) } }
      : event,
  );
  return { ...session, events };
}

export function masked(secret: string): string {
  return secret === '' ? '' : `${secret.slice(0, 1)}${'•'.repeat(Math.min(8, Math.max(3, secret.length - 1)))}`;
}

/** @returns what was tried, in the order in which each was tried first */
export function credentialsOf({ events }: Session): readonly TriedCredential[] {
  const tried = new Map<string, TriedCredential>();
  for (const { kind, data } of events) {
    if (kind !== 'log-on') continue;
    const user = String(data?.user ?? '');
    const secret = String(data?.secret ?? '');
    const key = JSON.stringify([user, secret]);
    const known = tried.get(key) ?? { user, secret, tries: 0, accepted: 0 };
    const accepted = known.accepted + (data?.isAccepted === true ? 1 : 0);
    tried.set(key, { ...known, tries: known.tries + 1, accepted });
  }
  return [...tried.values()];
}
