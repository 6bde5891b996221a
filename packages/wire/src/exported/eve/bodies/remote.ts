import type { RdpRecord } from '../../../rdp/protocol.ts';
import type { VncRecord } from '../../../vnc/protocol.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';

/** The opening of a VNC session; the name of a desktop, which is often that of its user, is not read. */
export function rfbBody({ serverVersion, clientVersion, chosenType, outcome }: VncRecord): EveBody {
  const result = outcome === undefined ? undefined : outcome === 'success' ? 'OK' : 'FAIL';
  const members = present({
    server_protocol_version: versionMembers(serverVersion),
    client_protocol_version: versionMembers(clientVersion),
    authentication: present({
      security_type: chosenType === 0 ? undefined : chosenType,
      security_result: chosenType === 1 ? undefined : result,
    }),
  });
  return { type: 'rfb', members };
}

function versionMembers(version: string): EveMembers {
  const [major, minor] = version.split('.');
  return major === undefined || minor === undefined
    ? {}
    : { major: major.padStart(3, '0'), minor: minor.padStart(3, '0') };
}

const RDP_EVENTS = {
  'negotiation-request': 'initial_request',
  'negotiation-response': 'initial_response',
  'negotiation-failure': 'initial_response',
  'client-core': 'connect_request',
} as const;

/** The opening of a remote desktop; accounts in cookies are not read. */
export function rdpBody({ activity, security, failure, clientName, clientBuild }: RdpRecord): EveBody {
  const members = {
    event_type: RDP_EVENTS[activity],
    ...present({
      client: present({ client_name: clientName, build: clientBuild === 0 ? undefined : clientBuild }),
      protocol: activity === 'negotiation-response' ? security[0]?.toLowerCase() : undefined,
      reason: failure,
    }),
  };
  return { type: 'rdp', members };
}
