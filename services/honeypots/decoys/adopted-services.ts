import type { DecoyProtocol, DecoyService, Persona } from './persona.ts';

/** A service that a real machine offers. */
export interface SeenService {
  readonly protocol: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** What a decoy has in place of, or beside, the services of its persona. */
export interface AdoptedServices {
  /** Port of the persona → port that machines of this kind have it on here. */
  readonly movedPorts: Readonly<Record<string, number>>;
  readonly addedServices: readonly DecoyService[];
  readonly reasons: readonly string[];
}

/** One machine may be an exception: a custom is what two and half of all do. */
const LEAST_MACHINES = 2;
const LEAST_SHARE = 0.5;

/**
 * Lets a decoy offer what machines of its kind offer on this network: services on the ports that they have here, and services
 * that the persona does not know. None is left out: what was not seen may be there all the same.
 *
 * @param machines services of each real machine of the kind
 * @param personas where a service that is added is taken from
 */
export function adoptServices(
  persona: Persona,
  machines: readonly (readonly SeenService[])[],
  personas: Iterable<Persona>,
): AdoptedServices {
  const taken = new Set(persona.services.map(({ port }) => port));
  const moves = persona.services.flatMap((service) => {
    const port = usualPort(machines, service.protocol, isTls(service));
    if (port === undefined || taken.has(port)) return [];
    taken.add(port);
    return [{ service, port }];
  });
  const added = templatesFor(persona, personas).flatMap((template) => {
    const port = usualPort(machines, template.protocol, isTls(template));
    if (port === undefined || taken.has(port)) return [];
    taken.add(port);
    return [{ ...template, port }];
  });
  return {
    movedPorts: Object.fromEntries(moves.map(({ service, port }) => [String(service.port), port])),
    addedServices: added,
    reasons: [
      ...moves.map(
        ({ service, port }) =>
          `Machines of this kind have ${service.protocol} on ${port} here, not on ${service.port}.`,
      ),
      ...added.map(({ protocol, port }) => `Machines of this kind offer ${protocol} on ${port} here.`),
    ],
  };
}

/** @returns the port on which most machines that offer the protocol have it; undefined where it is no custom to offer it */
function usualPort(
  machines: readonly (readonly SeenService[])[],
  protocol: string,
  isEncrypted: boolean,
): number | undefined {
  const ports = machines.flatMap((services) => {
    const own = services.filter((each) => each.protocol === protocol && each.isTls === isEncrypted);
    return own.length === 0 ? [] : [[...new Set(own.map(({ port }) => port))]];
  });
  if (ports.length < LEAST_MACHINES || ports.length < machines.length * LEAST_SHARE) return undefined;
  const counts = new Map<number, number>();
  for (const port of ports.flat()) counts.set(port, (counts.get(port) ?? 0) + 1);
  const [most] = [...counts].sort(([left, many], [right, more]) => more - many || left - right);
  return most !== undefined && most[1] >= ports.length * LEAST_SHARE ? most[0] : undefined;
}

/** One of each protocol that the persona has not: of a persona on the same kind of machine where there is one. */
function templatesFor(persona: Persona, personas: Iterable<Persona>): readonly DecoyService[] {
  const own = new Set<DecoyProtocol>(persona.services.map(({ protocol }) => protocol));
  const machines = new Set(persona.services.flatMap((service) => ('machine' in service ? [service.machine] : [])));
  const templates = new Map<DecoyProtocol, DecoyService>();
  for (const service of [...personas].flatMap(({ services }) => services)) {
    if (own.has(service.protocol)) continue;
    const isAtHome = 'machine' in service && machines.has(service.machine);
    if (!templates.has(service.protocol) || isAtHome) templates.set(service.protocol, service);
  }
  return [...templates.values()];
}

function isTls(service: DecoyService): boolean {
  return 'isTls' in service && service.isTls;
}
