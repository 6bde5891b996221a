import type { Asset, AssetFact, CheckResult, Verdict, Verification } from '@sphinx/schema';
import { printable, renderTable } from './table.ts';

/** An asset as lists of the API show it. */
export interface AssetSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly kindTitle: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly ips: readonly string[];
  readonly macs: readonly string[];
  readonly hostnames: readonly string[];
  readonly zone: string | null;
  readonly isSample: boolean;
}

/** One line per asset. */
export function assetTable(assets: readonly AssetSummary[], verdicts: ReadonlyMap<string, Verdict>): string {
  return renderTable(assets, [
    { title: 'Name', value: ({ name }) => name },
    { title: 'Kind', value: ({ kindTitle, kind }) => kindTitle ?? kind ?? 'unknown' },
    { title: 'Maker and model', value: ({ manufacturer, model }) => [manufacturer, model].filter(Boolean).join(' ') },
    { title: 'Address', value: ({ ips, macs }) => ips[0] ?? macs[0] ?? '' },
    { title: 'Zone', value: ({ zone }) => zone ?? '' },
    { title: 'Verdict', value: ({ id }) => verdicts.get(id) ?? '' },
    { title: 'Id', value: ({ id, isSample }) => (isSample ? `${id} (sample)` : id) },
  ]);
}

/** All that is known of an asset, for reading. */
export function assetText(asset: Asset, verification: Verification | undefined): string {
  const sections = [
    [
      printable(asset.name),
      ...(asset.isSample ? ['Sample: generated traffic, not a device of this hospital.'] : []),
    ].join('\n'),
    factTable(asset),
    addressText(asset),
    ...(asset.services.length === 0 ? [] : [`Services\n${serviceTable(asset)}`]),
    ...(asset.peers.length === 0 ? [] : [`Talks to\n${peerTable(asset)}`]),
    ...(asset.conflicts.length === 0
      ? []
      : [`Conflicts\n${asset.conflicts.map(({ detail }) => printable(detail)).join('\n')}`]),
    ...(verification === undefined ? [] : [verificationText(verification)]),
  ];
  return sections.join('\n\n');
}

/** Verdict with its reasons, failed checks first. */
export function verificationText(verification: Verification): string {
  const failed = verification.results.filter(({ outcome }) => outcome === 'fail');
  const count = (outcome: CheckResult['outcome']) =>
    verification.results.filter((result) => result.outcome === outcome).length;
  const lines = [
    `Verdict: ${verification.verdict}`,
    ...verification.reasons.map((reason) => `  ${printable(reason)}`),
    `Checks: ${count('pass')} passed, ${failed.length} failed, ${count('not-observed')} not observed, ${count('not-applicable')} not applicable (policy ${verification.policy.id} ${verification.policy.version})`,
    ...(verification.certificateId === undefined ? [] : [`Certificate: ${verification.certificateId}`]),
  ];
  if (failed.length > 0) lines.push('', ...failed.flatMap(failedCheckLines));
  return lines.join('\n');
}

function failedCheckLines(result: CheckResult): string[] {
  const evidence = result.evidence.slice(0, 3).map(({ statement }) => `    seen: ${printable(statement)}`);
  return [`  [${result.severity}] ${result.title}`, ...evidence, `    remedy: ${result.remedy.replace(/\s+/g, ' ')}`];
}

function factTable(asset: Asset): string {
  const facts = Object.entries(asset.facts) as [string, AssetFact][];
  if (facts.length === 0) return 'Unknown: nothing seen so far says what this is.';
  return renderTable(
    facts,
    [
      { title: 'What', value: ([name]) => name },
      { title: 'Value', value: ([, fact]) => fact.value },
      { title: 'Sure', value: ([, fact]) => `${Math.round(fact.confidence * 100)} %`, align: 'right' },
      { title: 'How we know', value: ([, fact]) => evidenceOf(fact) },
    ],
    72,
  );
}

function evidenceOf({ origin, evidence }: AssetFact): string {
  const seen = evidence.slice(0, 2).map(({ attribute, value }) => `${attribute}=${value}`);
  return [`${origin.kind} ${origin.reference}`, ...seen].join(', ');
}

function addressText({ ips, macs, hostnames, firstSeen, lastSeen }: Asset): string {
  const lines = [
    ['IP', ips],
    ['MAC', macs],
    ['Names', hostnames],
  ] as const;
  return [
    ...lines.filter(([, values]) => values.length > 0).map(([title, values]) => `${title}: ${values.join(', ')}`),
    `Seen: ${new Date(firstSeen).toISOString()} to ${new Date(lastSeen).toISOString()}`,
  ]
    .map(printable)
    .join('\n');
}

function serviceTable({ services }: Asset): string {
  return renderTable(services, [
    { title: 'Port', value: ({ transport, port }) => `${transport}/${port}` },
    { title: 'Protocol', value: ({ protocol }) => protocol },
    { title: 'Encrypted', value: ({ isEncrypted }) => (isEncrypted ? 'yes' : 'no') },
  ]);
}

function peerTable({ peers }: Asset): string {
  return renderTable(peers, [
    { title: 'Peer', value: ({ ip, isExternal }) => (isExternal ? `${ip} (outside)` : ip) },
    { title: 'Direction', value: ({ direction }) => direction },
    { title: 'Protocol', value: ({ protocol, transport, port }) => `${protocol} ${transport}/${port}` },
    { title: 'Sent', value: ({ bytesSent }) => `${bytesSent} B`, align: 'right' },
    { title: 'Received', value: ({ bytesReceived }) => `${bytesReceived} B`, align: 'right' },
  ]);
}
