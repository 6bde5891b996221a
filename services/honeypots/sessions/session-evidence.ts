import type { SessionPiece } from '@sphinx/platform';
import { lockedZip, SAMPLE_PASSWORD } from '@sphinx/platform/archive';
import type { Session } from './session.ts';
import type { TerminalFrame } from './session-event.ts';
import { asciicast, credentialsOf, withoutSecrets } from './session-record.ts';

/**
 * A visit as evidence of an incident: its steps without passwords; what was tried, with them; what the terminal showed, to be replayed;
 * and each file that was left behind, in an archive under a password so that nothing runs it by mistake.
 *
 * @param openSample content of a file out of quarantine; undefined where it is gone
 */
export async function sessionEvidence(
  { session, frames }: { readonly session: Session; readonly frames: readonly TerminalFrame[] },
  openSample: (sha256: string) => Promise<Uint8Array | undefined>,
): Promise<readonly SessionPiece[]> {
  const name = `decoy-session-${session.id.slice(-8)}`;
  const what = `visit of ${session.remoteAddress} to the decoy ${session.decoyName} (${session.protocol})`;
  const pieces: SessionPiece[] = [
    {
      kind: 'decoy-session',
      name: `${name}.json`,
      about: `Steps of the ${what}: ${session.visitor}, ${session.reasons[0] ?? ''}`,
      mediaType: 'application/json',
      isMasked: true,
      content: jsonOf(withoutSecrets(session)),
    },
  ];
  const credentials = credentialsOf(session);
  if (credentials.length > 0) {
    pieces.push({
      kind: 'decoy-credentials',
      name: `${name}-credentials.json`,
      about: `Users and passwords that were tried in the ${what}`,
      mediaType: 'application/json',
      isMasked: false,
      content: jsonOf(credentials),
    });
  }
  if (frames.length > 0) {
    pieces.push({
      kind: 'decoy-replay',
      name: `${name}.cast`,
      about: `What the terminal showed in the ${what}; asciinema replays it`,
      mediaType: 'application/x-asciicast',
      isMasked: false,
      content: Buffer.from(asciicast(session, frames)),
    });
  }
  for (const { sha256, name: called, kind } of session.samples) {
    const content = await openSample(sha256);
    if (content === undefined) continue;
    pieces.push({
      kind: 'decoy-sample',
      name: `sample-${sha256.slice(0, 16)}.zip`,
      about: `${kind} left behind as ${called} in the ${what}; SHA-256 ${sha256}; password of the archive: ${SAMPLE_PASSWORD}`,
      mediaType: 'application/zip',
      isMasked: false,
      // The same sample gives the same archive: it is kept once.
      content: lockedZip(`${sha256}.bin`, content, SAMPLE_PASSWORD, Buffer.from(sha256, 'hex').subarray(0, 11)),
    });
  }
  return pieces;
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
