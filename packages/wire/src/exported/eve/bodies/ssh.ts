import type { ProtocolRecord } from '../../../protocol.ts';
import type { SshRecord } from '../../../ssh/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';
import type { EveSession } from '../record-events.ts';

/** Identification and key exchange of both ends, told once. */
export class SshSession implements EveSession {
  readonly protocol = 'ssh';
  readonly #ends: Record<'client' | 'server', { version: string; software: string; hassh: string }> = {
    client: { version: '', software: '', hassh: '' },
    server: { version: '', software: '', hassh: '' },
  };
  #isTold = false;

  add(record: ProtocolRecord): EveBody | undefined {
    const { sentBy, activity, protocolVersion, software, hassh } = record as SshRecord;
    const end = this.#ends[sentBy];
    if (activity === 'identification') Object.assign(end, { version: protocolVersion, software });
    else end.hassh = hassh;
    const { client, server } = this.#ends;
    return client.hassh !== '' && server.hassh !== '' ? this.end() : undefined;
  }

  end(): EveBody | undefined {
    if (this.#isTold) return undefined;
    this.#isTold = true;
    const describe = ({ version, software, hassh }: { version: string; software: string; hassh: string }) =>
      present({ proto_version: version, software_version: software, hassh: present({ hash: hassh }) });
    return {
      type: 'ssh',
      members: present({ client: describe(this.#ends.client), server: describe(this.#ends.server) }),
    };
  }
}
