import { z } from 'zod';

/** Command of the OpenC2 Language Specification 1.0 (OASIS), as far as it is told here. */
const OpenC2Command = z.looseObject({ action: z.string(), target: z.record(z.string(), z.unknown()) });

/** @param base64 content of an `openc2-http` command @returns "deny ipv4_net 203.0.113.9", or that it cannot be read */
export function openC2Text(base64: string): string {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    return 'an OpenC2 command that cannot be read';
  }
  const { data } = OpenC2Command.safeParse(value);
  if (data === undefined) return 'an OpenC2 command that cannot be read';
  const targets = Object.entries(data.target).map(
    ([kind, target]) => `${kind} ${typeof target === 'string' ? target : JSON.stringify(target)}`,
  );
  return `${data.action} ${targets.join(', ')}`;
}
