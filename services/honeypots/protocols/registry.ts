import { createPrivateKey } from 'node:crypto';
import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { DecoyService } from '../decoys/persona.ts';
import { bacnetDevice } from './bacnet.ts';
import type { Conversation, Peer } from './conversation.ts';
import { dicomArchive } from './dicom/archive.ts';
import { ftpServer } from './ftp.ts';
import { hl7Engine } from './hl7.ts';
import { fhirServer } from './http/fhir-server.ts';
import { webSite } from './http/web-site.ts';
import { modbusServer } from './modbus.ts';
import { mysqlServer } from './mysql.ts';
import { rdpServer } from './rdp.ts';
import { smbServer } from './smb/smb-server.ts';
import { sshServer } from './ssh/ssh-server.ts';
import { telnetServer } from './telnet.ts';
import { vncServer } from './vnc.ts';

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
    case 'ftp':
      return ftpServer(service, context, peer);
    case 'smb':
      return smbServer(service, context, peer);
    case 'rdp':
      return rdpServer(service, context, peer);
    case 'vnc':
      return vncServer(service, context, peer);
    case 'mysql':
      return mysqlServer(service, context, peer);
    case 'modbus':
      return modbusServer(service, context, peer);
    case 'bacnet':
      return bacnetDevice(service, context, peer);
    default:
      return service satisfies never;
  }
}
