import { z } from 'zod';

const Port = z.int().min(1).max(65_535);
const PortsAndProtocols = z.strictObject({ ports: z.array(Port), protocols: z.array(z.string()) });

/** `knowledge/port-roles`: what ports and protocols are for. */
export const PortRoleFile = z.strictObject({
  version: z.string(),
  references: z.array(z.strictObject({ title: z.string(), url: z.url() })),
  amplifiers: z.array(z.strictObject({ port: Port, title: z.string(), factor: z.number().positive() })),
  mail: PortsAndProtocols,
  administration: PortsAndProtocols,
  logons: PortsAndProtocols.extend({ refusedBytes: z.int().positive() }),
  unansweredProtocols: z.array(z.string()),
  unansweredPorts: z.array(Port),
  regularProtocols: z.array(z.string()),
  regularPorts: z.array(Port),
  peerToPeer: z.strictObject({ protocols: z.array(z.string()) }),
  mining: PortsAndProtocols,
  streaming: z.strictObject({
    protocols: z.array(z.string()),
    /** What is asked of servers that play media; names below count too. */
    domains: z.array(z.string().regex(/^[a-z0-9.-]+$/)),
  }),
});

/** Members of a role by port, and by protocol where the content told it. */
export class PortRole {
  readonly #ports: ReadonlySet<number>;
  readonly #protocols: ReadonlySet<string>;

  constructor({ ports, protocols }: { ports: readonly number[]; protocols: readonly string[] }) {
    this.#ports = new Set(ports);
    this.#protocols = new Set(protocols);
  }

  /** @param protocol by content, or `unknown`, where the port alone decides */
  has(protocol: string, port: number): boolean {
    return protocol === 'unknown' ? this.#ports.has(port) : this.#protocols.has(protocol);
  }
}

export interface PortRoles {
  /** Title and factor by UDP port. */
  readonly amplifiers: ReadonlyMap<number, { readonly title: string; readonly factor: number }>;
  readonly mail: PortRole;
  readonly administration: PortRole;
  readonly logons: PortRole;
  /** What a connection moves at most that ends with a refused log-on. */
  readonly refusedBytes: number;
  readonly unanswered: PortRole;
  readonly regular: PortRole;
  readonly peerToPeer: PortRole;
  readonly mining: PortRole;
  readonly streaming: PortRole;
  readonly streamingDomains: readonly string[];
}

export function portRolesOf(file: z.infer<typeof PortRoleFile>): PortRoles {
  return {
    amplifiers: new Map(file.amplifiers.map(({ port, title, factor }) => [port, { title, factor }])),
    mail: new PortRole(file.mail),
    administration: new PortRole(file.administration),
    logons: new PortRole(file.logons),
    refusedBytes: file.logons.refusedBytes,
    unanswered: new PortRole({ ports: file.unansweredPorts, protocols: file.unansweredProtocols }),
    regular: new PortRole({ ports: file.regularPorts, protocols: file.regularProtocols }),
    peerToPeer: new PortRole({ ports: [], protocols: file.peerToPeer.protocols }),
    // Many programs use these ports too: only the protocol itself is a sign.
    mining: new PortRole({ ports: [], protocols: file.mining.protocols }),
    streaming: new PortRole({ ports: [], protocols: file.streaming.protocols }),
    streamingDomains: file.streaming.domains,
  };
}
