import { limitsOf, type Probe } from '@sphinx/probes';
import type { Device, KnownService, ProbePolicy } from '@sphinx/probes/policy';
import { z } from 'zod';

/** The probe that finds out which ports are open. */
const PORT_PROBE = 'tcp-port';
const UNKNOWN = 'unknown';

/** One probe on one port, before or while a device is probed. */
export interface PlannedProbe {
  readonly probe: Probe;
  readonly port: number;
  readonly protocol: string;
  readonly isTls: boolean;
  /** The port was not seen to serve yet: it is asked only where it turns out to be open. */
  readonly isConditional: boolean;
}

/** What would be sent to whom, for a person who has to agree. */
export const ProbePreview = z
  .object({
    ip: z.string(),
    name: z.string(),
    assetId: z.string().optional(),
    kind: z.string().optional(),
    safetyClass: z.string().optional(),
    policy: z.string(),
    isAllowed: z.boolean(),
    reason: z.string().meta({ description: 'Why it is refused; empty where it is allowed' }),
    steps: z.array(
      z.object({
        probe: z.string(),
        title: z.string(),
        sends: z.string(),
        caution: z.string(),
        ports: z.array(z.int()),
        conditionalPorts: z.array(z.int()).meta({ description: 'Asked only where they turn out to be open' }),
        packets: z.int().meta({ description: 'At most, over all of its ports' }),
        bytes: z.int(),
      }),
    ),
    packets: z.int().meta({ description: 'At most, those included that time its answers' }),
    bytes: z.int(),
    packetsPerSecond: z.number(),
  })
  .meta({ id: 'ProbePreview' });
export type ProbePreview = z.infer<typeof ProbePreview>;

/**
 * Which probe on which port, in the order of the probes: what a service is known to speak decides, else the ports that a
 * probe names.
 */
export function planProbes(device: Device, policy: ProbePolicy, probes: readonly Probe[]): PlannedProbe[] {
  const known = device.services.filter(({ port }) => port > 0);
  const usual = policy.ports === 'usual';
  return probes.flatMap((probe) => {
    if (probe.id === PORT_PROBE) return portSteps(probe, known, usual ? portsOf(probes) : []);
    const steps = known
      .filter((service) => service.transport === probe.transport && fits(probe, service))
      .map((service) => stepOf(probe, service, false));
    if (!usual) return steps;
    const further = probe.ports.filter(
      (port) => !known.some((one) => one.transport === probe.transport && one.port === port),
    );
    const isConditional = probe.transport === 'tcp';
    return [...steps, ...further.map((port) => stepOf(probe, unknownService(probe, port), isConditional))];
  });
}

/** Whether a probe is for a service, by what it speaks or, where that is not known, by its port. */
export function fits(
  probe: Probe,
  { protocol, port, isTls }: Pick<KnownService, 'protocol' | 'port' | 'isTls'>,
): boolean {
  if (protocol === UNKNOWN || protocol === '') return probe.ports.includes(port);
  if (probe.protocols.length === 0) return probe.id !== PORT_PROBE && probe.ports.includes(port);
  if (probe.protocols.includes(protocol)) return protocol !== 'tls' || isTlsProbe(probe) || probe.ports.includes(port);
  // What speaks inside TLS is also a TLS server.
  return isTls && isTlsProbe(probe);
}

function isTlsProbe({ protocols }: Probe): boolean {
  return protocols.length === 1 && protocols[0] === 'tls';
}

function portSteps(probe: Probe, known: readonly KnownService[], further: readonly number[]): PlannedProbe[] {
  const ports = new Set([...known.filter(({ transport }) => transport === 'tcp').map(({ port }) => port), ...further]);
  return [...ports].map((port) => stepOf(probe, unknownService(probe, port), false));
}

/** Ports of TCP that any of the probes would ask. */
function portsOf(probes: readonly Probe[]): number[] {
  return [...new Set(probes.filter(({ transport }) => transport === 'tcp').flatMap(({ ports }) => ports))].sort(
    (a, b) => a - b,
  );
}

function unknownService({ transport }: Probe, port: number): KnownService {
  return { transport, port, protocol: UNKNOWN, isTls: false };
}

function stepOf(probe: Probe, { port, protocol, isTls }: KnownService, isConditional: boolean): PlannedProbe {
  return { probe, port, protocol, isTls: isTls && !isTlsProbe(probe), isConditional };
}

/** @returns the steps by probe, with the most that each may send */
export function stepsOfPreview(plan: readonly PlannedProbe[]): ProbePreview['steps'] {
  return [...Map.groupBy(plan, ({ probe }) => probe)].map(([probe, steps]) => {
    const limits = steps.map(({ isTls }) => limitsOf(probe, isTls));
    return {
      probe: probe.id,
      title: probe.title,
      sends: probe.sends,
      caution: probe.caution,
      ports: steps.filter(({ isConditional }) => !isConditional).map(({ port }) => port),
      conditionalPorts: steps.filter(({ isConditional }) => isConditional).map(({ port }) => port),
      packets: limits.reduce((sum, { packets }) => sum + packets, 0),
      bytes: limits.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
}
