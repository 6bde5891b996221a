import type { TableForm } from './read-table.ts';
import type { Feature } from './table.ts';

// WUSTL-EHMS-2020: Hady, Ghubaish, Salman, Unal and Jain, "Intrusion detection system for healthcare systems using
// medical and network data" (2020). Names are those of argus.
//
// Left out on purpose: addresses, hardware addresses, ports and the number of the packet. The hardware address of the
// source alone gives the label away, and ports and numbers rise with time: a model would learn the test bed by heart.

const MEANINGS: readonly (readonly [name: string, meaning: string])[] = [
  ['Flgs', 'marks of the flow'],
  ['SrcBytes', 'bytes sent by the gateway'],
  ['DstBytes', 'bytes sent by the server'],
  ['SrcLoad', 'bits per second from the gateway'],
  ['DstLoad', 'bits per second from the server'],
  ['SIntPkt', 'time between packets of the gateway'],
  ['DIntPkt', 'time between packets of the server'],
  ['SIntPktAct', 'time between active packets of the gateway'],
  ['SrcJitter', 'jitter of the gateway'],
  ['DstJitter', 'jitter of the server'],
  ['sMaxPktSz', 'largest packet of the gateway'],
  ['dMaxPktSz', 'largest packet of the server'],
  ['sMinPktSz', 'smallest packet of the gateway'],
  ['Dur', 'length of the flow in seconds'],
  ['TotPkts', 'packets'],
  ['TotBytes', 'bytes'],
  ['Load', 'bits per second'],
  ['Loss', 'packets lost or sent again'],
  ['pLoss', 'share of packets lost'],
  ['pSrcLoss', 'share lost from the gateway'],
  ['pDstLoss', 'share lost from the server'],
  ['Rate', 'packets per second'],
  ['Temp', 'temperature'],
  ['SpO2', 'oxygen saturation'],
  ['Pulse_Rate', 'pulse'],
  ['SYS', 'systolic pressure'],
  ['DIA', 'diastolic pressure'],
  ['Heart_rate', 'heart rate'],
  ['Resp_Rate', 'breathing rate'],
  ['ST', 'ST segment'],
];

export const WUSTL_EHMS_FEATURES: readonly Feature[] = MEANINGS.map(([name, meaning]) => ({
  name,
  kind: name === 'Flgs' ? 'category' : 'number',
  meaning,
}));

/** The medical monitoring test bed of Washington University, with its head. */
export const WUSTL_EHMS: TableForm = {
  title: 'WUSTL-EHMS',
  features: WUSTL_EHMS_FEATURES,
  label: 'Label',
  truthOf(cell) {
    const label = cell('Label');
    if (label !== '0' && label !== '1') return undefined;
    const isAttack = label === '1';
    const type = (cell('Attack Category') ?? (isAttack ? 'attack' : 'normal')).toLowerCase();
    return { isAttack, type, category: isAttack ? type : 'normal' };
  },
};
