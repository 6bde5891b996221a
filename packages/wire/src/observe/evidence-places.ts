import type { EvidencePlace } from './host-observer.ts';

/** Where evidence of the records of a flow was read, for each end of it; made when the first piece of evidence asks. */
export class EvidencePlaces {
  readonly protocol: string;
  readonly #transport: 'tcp' | 'udp';
  readonly #serverPort: number;
  #self: EvidencePlace | undefined;
  #client: EvidencePlace | undefined;
  #server: EvidencePlace | undefined;

  constructor(
    { transport, serverPort }: { readonly transport: string; readonly serverPort: number },
    protocol: string,
  ) {
    this.protocol = protocol;
    this.#transport = transport === 'udp' ? 'udp' : 'tcp';
    this.#serverPort = serverPort;
  }

  get self(): EvidencePlace {
    this.#self ??= { protocol: this.protocol, role: 'self' };
    return this.#self;
  }

  get client(): EvidencePlace {
    this.#client ??= { protocol: this.protocol, role: 'client' };
    return this.#client;
  }

  get server(): EvidencePlace {
    this.#server ??= {
      protocol: this.protocol,
      role: 'server',
      port: this.#serverPort,
      transport: this.#transport,
    };
    return this.#server;
  }
}
