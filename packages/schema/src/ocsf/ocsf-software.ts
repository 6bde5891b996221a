import type { Fact } from '../event.ts';
import type { ReportSubject } from '../report-subject.ts';
import type { ReportedWeakness } from '../reported-weakness.ts';
import type { ListedSoftwareItem, SoftwareKind, SoftwareListing } from '../software.ts';
import { ipOf, macOf } from './ocsf-device.ts';
import { compact, createOcsfEvent, OCSF_SEVERITIES, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;

/** OCSF requires a version, and knows no other way to say that there is none. */
const NO_VERSION = 'unknown';

/** `software_component.type_id` of what it has a number for. */
const COMPONENT_TYPES: Readonly<Partial<Record<SoftwareKind, readonly [id: number, caption: string]>>> = {
  framework: [1, 'Framework'],
  library: [2, 'Library'],
  'operating-system': [3, 'Operating System'],
};

/** A list of software: Software Inventory Info, as a bill of materials of the device. */
export function softwareListed(fact: Fact<'software.listed'>, origin: OcsfOrigin): OcsfEvent {
  const { subject, tool, method, items, part, parts } = fact.data;
  const whole = parts === 1 ? '' : ` (part ${part} of ${parts})`;
  return createOcsfEvent('software_info', {
    activity: [2, 'Collect'],
    time: fact.time,
    message: `${tool || method} lists ${items.length} items on ${nameOfSubject(subject)}${whole}`,
    origin,
    attributes: {
      device: deviceOfSubject(subject, fact.key),
      // A bill of materials without components is none.
      sbom: items.length === 0 ? undefined : sbomOf(fact.data),
    },
  });
}

function sbomOf({ list, subject, tool, method, takenAt, items }: SoftwareListing): Attributes {
  return compact({
    uid: list,
    created_time: takenAt,
    type_id: 99,
    type: method,
    product: tool === '' ? undefined : { name: tool },
    package: packageOf(subject),
    software_components: items.map(componentOf),
  });
}

function packageOf(subject: ReportSubject): Attributes {
  const version = subject.kind === 'model' && subject.version !== '' ? subject.version : NO_VERSION;
  const vendor_name = subject.kind === 'model' ? subject.manufacturer : undefined;
  return compact({ name: nameOfSubject(subject), version, vendor_name });
}

function componentOf({ kind, vendor, name, version, purl }: ListedSoftwareItem): Attributes {
  const [type_id, type] = COMPONENT_TYPES[kind] ?? [99, kind];
  return compact({ name, version: version || NO_VERSION, author: vendor, purl, type_id, type });
}

/**
 * What another scanner found: Vulnerability Finding with one entry for each CVE, else one for the check. That it found nothing is
 * no finding: then the event says only that the device was looked at.
 */
export function weaknessReported(fact: Fact<'weakness.reported'>, origin: OcsfOrigin): OcsfEvent {
  const { subject, tool, weaknesses, list, takenAt } = fact.data;
  const device = deviceOfSubject(subject, fact.key);
  if (weaknesses.length === 0) {
    return createOcsfEvent('inventory_info', {
      activity: [2, 'Collect'],
      time: fact.time,
      message: `${tool} reports no weakness of ${nameOfSubject(subject)}`,
      origin,
      attributes: { device },
    });
  }
  return createOcsfEvent('vulnerability_finding', {
    activity: [1, 'Create'],
    time: fact.time,
    message: `${tool} reports ${weaknesses.length} weaknesses of ${nameOfSubject(subject)}`,
    severity: gravest(weaknesses),
    origin,
    attributes: {
      device,
      finding_info: {
        uid: list,
        title: `Report of ${tool}`,
        created_time: takenAt,
        types: ['imported'],
        product: { name: tool },
      },
      resources: [{ uid: device.uid, type: 'device' }],
      vulnerabilities: weaknesses.flatMap((weakness) => vulnerabilitiesOf(weakness, tool)),
      status_id: 1,
      status: 'New',
    },
  });
}

function gravest(weaknesses: readonly ReportedWeakness[]): keyof typeof OCSF_SEVERITIES {
  const rank = (severity: keyof typeof OCSF_SEVERITIES) => OCSF_SEVERITIES[severity][0];
  return weaknesses.reduce<keyof typeof OCSF_SEVERITIES>(
    (worst, { severity }) => (rank(severity) > rank(worst) ? severity : worst),
    'informational',
  );
}

function vulnerabilitiesOf(weakness: ReportedWeakness, tool: string): Attributes[] {
  const { id, title, cves, severity, software, version, fixedVersion, remedy } = weakness;
  const affected = compact({ name: software, version: version || NO_VERSION, fixed_in_version: fixedVersion });
  const common = compact({
    title,
    severity: OCSF_SEVERITIES[severity][1],
    vendor_name: tool,
    affected_packages: software ? [affected] : undefined,
    remediation: remedy === '' ? undefined : { desc: remedy },
  });
  if (cves.length === 0) return [{ ...common, advisory: compact({ uid: id, title }) }];
  return cves.map((uid) => ({ ...common, cve: { uid } }));
}

/** A security form of a manufacturer: Device Inventory Info with the answers as enrichments. */
export function securityFormStated(fact: Fact<'security-form.stated'>, origin: OcsfOrigin): OcsfEvent {
  const { subject, form, answers, takenAt, reference } = fact.data;
  return createOcsfEvent('inventory_info', {
    activity: [2, 'Collect'],
    time: fact.time,
    message: `${form} answers ${answers.length} questions on ${nameOfSubject(subject)}`,
    origin,
    attributes: {
      device: deviceOfSubject(subject, fact.key),
      enrichments: answers.map(({ question, answer, text, note }) =>
        compact({
          name: question,
          value: text || answer,
          type: form,
          provider: reference,
          created_time: takenAt,
          data: compact({ answer, note }),
        }),
      ),
    },
  });
}

function deviceOfSubject(subject: ReportSubject, key: string): Attributes {
  if (subject.kind === 'model') {
    const { manufacturer, model } = subject;
    return compact({ uid: key, vendor_name: manufacturer, model, type_id: 0, type: 'Unknown' });
  }
  const { assetId, ips, macs, hostnames, serial } = subject;
  return compact({
    uid: assetId ?? key,
    hostname: hostnames[0],
    ip: ips.flatMap(ipOf)[0],
    mac: macs.flatMap(macOf)[0],
    hw_info: serial === undefined ? undefined : { serial_number: serial },
    type_id: 0,
    type: 'Unknown',
  });
}

function nameOfSubject(subject: ReportSubject): string {
  if (subject.kind === 'model') return [subject.manufacturer, subject.model, subject.version].join(' ').trim();
  const { assetId, hostnames, ips, macs, serial } = subject;
  return assetId ?? hostnames[0] ?? ips[0] ?? macs[0] ?? serial ?? 'a device';
}
