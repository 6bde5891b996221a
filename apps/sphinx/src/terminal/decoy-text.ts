import type {
  CredentialItem,
  DecoyView,
  Honeytoken,
  PersonaView,
  SampleItem,
  Session,
  SessionItem,
} from '@sphinx/service-honeypots';
import { printable, renderTable } from './table.ts';

const timeText = (time: number | null) =>
  time === null ? 'never' : new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** Decoys as a table. */
export function decoyTable(decoys: readonly DecoyView[]): string {
  return renderTable(decoys, [
    { title: 'Name', value: ({ name }) => name },
    { title: 'Pretends to be', value: ({ title }) => title },
    { title: 'State', value: ({ state }) => state },
    { title: 'Addresses', value: ({ addresses }) => addresses.join(', ') },
    { title: 'Ports', value: portsText },
    { title: 'Sessions', value: ({ sessions }) => String(sessions), align: 'right' },
    { title: 'Last', value: ({ lastSession }) => timeText(lastSession) },
  ]);
}

function portsText({ listeners }: DecoyView): string {
  const open = listeners.filter(({ fault }) => fault === '').map(({ protocol, port }) => `${protocol} ${port}`);
  return [...new Set(open)].join(', ');
}

/** @returns one line for each place where a decoy does not listen */
export function decoyFaults({ name, listeners }: DecoyView): readonly string[] {
  return listeners
    .filter(({ fault }) => fault !== '')
    .map(({ address, port, fault }) => `${name}: ${address}${port === 0 ? '' : ` port ${port}`}: ${fault}`);
}

export function personaTable(personas: readonly PersonaView[]): string {
  return renderTable(personas, [
    { title: 'Id', value: ({ id }) => id },
    { title: 'Pretends to be', value: ({ title }) => title },
    {
      title: 'Services',
      value: ({ services }) => services.map(({ protocol, port }) => `${protocol} ${port}`).join(', '),
    },
    { title: 'Like it here', value: ({ machines }) => String(machines), align: 'right' },
  ]);
}

/** Visits as a table, one a line. */
export function sessionTable(sessions: readonly SessionItem[]): string {
  return renderTable(sessions, [
    { title: 'Began', value: ({ startedAt }) => timeText(startedAt) },
    { title: 'From', value: ({ remoteAddress }) => remoteAddress },
    { title: 'Decoy', value: ({ decoyName }) => decoyName },
    { title: 'Over', value: ({ protocol }) => protocol },
    { title: 'Visitor', value: ({ visitor }) => visitor },
    { title: 'Severity', value: ({ severity }) => severity },
    { title: 'Log-ons', value: ({ logOns }) => String(logOns), align: 'right' },
    { title: 'Commands', value: ({ commands }) => String(commands), align: 'right' },
    { title: 'Id', value: ({ id }) => id },
  ]);
}

/** One visit with its steps. */
export function sessionText(session: Session): string {
  const { remoteAddress, decoyName, protocol, startedAt, visitor, reasons, severity, techniques, tools, samples } =
    session;
  return [
    `${remoteAddress} on ${decoyName} over ${protocol}, ${timeText(startedAt)} UTC`,
    `${visitor} (${reasons.join('; ')}), ${severity}`,
    `ATT&CK: ${techniques.join(', ')}`,
    ...(tools.length === 0 ? [] : [`Tools: ${printable(tools.join(', '))}`]),
    ...samples.map(({ sha256, name, kind }) => `Left behind: ${printable(name)}, ${kind}, SHA-256 ${sha256}`),
    '',
    ...(session.events ?? []).map(
      ({ atMs, kind, text }) => `${(atMs / 1000).toFixed(1).padStart(8)} s  ${kind.padEnd(9)}  ${printable(text)}`,
    ),
  ].join('\n');
}

export function credentialTable(credentials: readonly CredentialItem[]): string {
  return renderTable(credentials, [
    { title: 'User', value: ({ user }) => user },
    { title: 'Password', value: ({ secret }) => secret },
    { title: 'Over', value: ({ protocol }) => protocol },
    { title: 'Tries', value: ({ tries }) => String(tries), align: 'right' },
    { title: 'Let in', value: ({ accepted }) => String(accepted), align: 'right' },
    { title: 'Last from', value: ({ lastSource }) => lastSource },
  ]);
}

export function sampleTable(samples: readonly SampleItem[]): string {
  return renderTable(
    samples,
    [
      { title: 'SHA-256', value: ({ sha256 }) => sha256 },
      { title: 'Name', value: ({ name }) => name },
      { title: 'Kind', value: ({ kind }) => kind },
      { title: 'Bytes', value: ({ bytes }) => bytes.toLocaleString('en'), align: 'right' },
      { title: 'Times', value: ({ times }) => String(times), align: 'right' },
      { title: 'Rules', value: ({ rules }) => rules.map(({ title }) => title).join(', ') },
    ],
    64,
  );
}

/** Planted values with what to plant. */
export function tokenTable(tokens: readonly Honeytoken[]): string {
  return renderTable(
    tokens,
    [
      { title: 'Id', value: ({ id }) => id },
      { title: 'Kind', value: ({ kind }) => kind },
      { title: 'State', value: ({ revokedAt }) => (revokedAt === null ? 'planted' : 'revoked') },
      { title: 'Where', value: ({ label }) => label },
      { title: 'Uses', value: ({ uses }) => String(uses), align: 'right' },
      {
        title: 'Last',
        value: ({ lastUse, lastSource }) => (lastUse === null ? 'never' : `${timeText(lastUse)} ${lastSource}`),
      },
      {
        title: 'Value',
        value: ({ values }) =>
          Object.entries(values)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
      },
    ],
    120,
  );
}
