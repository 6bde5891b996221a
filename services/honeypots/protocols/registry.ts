import { createPrivateKey } from 'node:crypto';
import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { DecoyService } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';
import { dicomArchive } from './dicom/archive.ts';
import { hl7Engine } from './hl7.ts';
import { fhirServer } from './http/fhir-server.ts';
import { webSite } from './http/web-site.ts';
import { sshServer } from './ssh/ssh-server.ts';
import { telnetServer } from './telnet.ts';

/** What a decoy proves itself with: private keys of its own, PEM. */
export interface DecoyKeys {
  readonly rsa: string;
  readonly ed25519: string;
  readonly tls: string;
  /** Certificate of the key `tls`. */
  readonly certificate: string;
}

/** @returns what speaks the protocol of a service over one connection */
export function openConversation(
  service: DecoyService,
  context: DecoyContext,
  keys: DecoyKeys,
  peer: Peer,
): Conversation {
  switch (service.protocol) {
    case 'dicom':
      return dicomArchive(service, context, peer);
    case 'hl7':
      return hl7Engine(service, context, peer);
    case 'http':
      return webSite(service, context, peer);
    case 'fhir':
      return fhirServer(service, context, peer);
    case 'ssh': {
      const { rsa, ed25519 } = keys;
      return sshServer(service, context, { rsa: createPrivateKey(rsa), ed25519: createPrivateKey(ed25519) }, peer);
    }
    case 'telnet':
      return telnetServer(service, context, peer);
    default:
      return service satisfies never;
  }
}
