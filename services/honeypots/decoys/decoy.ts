import { z } from 'zod';
import type { AdoptedServices } from './adopted-services.ts';
import { DecoyIdentity, type DecoyService, type Persona } from './persona.ts';

const MAXIMUM_PORT = 65_535;

export const ListenerView = z
  .object({
    address: z.string(),
    port: z.int(),
    protocol: z.string(),
    fault: z.string().meta({ description: 'Why it does not listen there; empty where it does' }),
  })
  .meta({ id: 'DecoyListener' });

/** A decoy that somebody set up. */
export const Decoy = z
  .object({
    id: z.string(),
    name: z.string(),
    persona: z.string(),
    addresses: z
      .array(z.string())
      .meta({ description: 'Addresses and networks of this machine, 0.0.0.0 for all of it' }),
    portOffset: z.int().meta({ description: 'Added to the ports of the persona' }),
    ports: z.record(z.string(), z.int()).meta({ description: 'Port of the persona → port that is used in its place' }),
    isOn: z.boolean(),
    identity: DecoyIdentity,
    createdAt: z.number(),
    createdBy: z.string(),
    /** Addresses that it has stood on: that the inventory knows them now is its own doing. */
    heldAddresses: z.array(z.string()),
  })
  .meta({ id: 'DecoyDefinition' });
export type Decoy = z.infer<typeof Decoy>;

/** @returns services of the persona and those adopted, with the ports that this decoy has them on */
export function servicesOf(
  { ports, portOffset, identity }: ServiceChoice,
  { services }: Pick<Persona, 'services'>,
): DecoyService[] {
  const { movedPorts = {}, addedServices = [] } = identity;
  return [...services, ...addedServices].map((service) => {
    const usual = movedPorts[String(service.port)] ?? service.port;
    const port = ports[String(service.port)] ?? usual + portOffset;
    return { ...service, port: Math.min(MAXIMUM_PORT, port) };
  });
}

/** Decoys of before had nothing adopted. */
type ServiceChoice = Pick<Decoy, 'ports' | 'portOffset'> & {
  readonly identity: Partial<Pick<AdoptedServices, 'movedPorts' | 'addedServices'>>;
};
