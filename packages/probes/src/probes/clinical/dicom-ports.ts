import type { ProbeContext } from '../../probe.ts';

/** Registered by IANA (104, 2761 and 2762 with TLS, 11112), and the usual one of Orthanc. */
export const DICOM_PORTS: readonly number[] = [104, 2761, 2762, 4242, 11_112];
/** Title under which SPHINX calls; a site may register it at its nodes. */
export const OWN_TITLE = 'SPHINX';
/** Where nobody was heard calling the node. */
const TITLE_OF_UNKNOWN = 'ANY-SCP';

/** @returns the title under which others call the node, as far as that is known */
export function calledTitle({ knownNames, invent }: ProbeContext): string {
  return knownNames[0] ?? invent(TITLE_OF_UNKNOWN);
}
