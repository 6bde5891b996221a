import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { ask } from './talk.ts';

/** A program on a workstation fetches work from a pool, and hands in what it found. */
export const mining: Drill = {
  id: 'mining',
  title: 'A workstation mines crypto-currency',
  useCase: '8 Crypto-mining on hospital machines',
  from: PLACES.station4,
  targets: [PLACES.masters],
  mustDetect: /min(es|ing)|stratum/i,
  playbooks: [/^Micro/, /^Isolate/],
  steps: 40,
  everyMs: 1000,
  async step(number) {
    const login = {
      id: 1,
      jsonrpc: '2.0',
      method: 'login',
      params: { login: '4drillwallet', pass: 'x', agent: 'XMRig/6.21.0' },
    };
    const share = {
      id: 2 + number,
      jsonrpc: '2.0',
      method: 'submit',
      params: { id: 'drill', job_id: '1', nonce: '0a', result: '00' },
    };
    const answer = await ask(
      PLACES.masters.ip,
      3333,
      `${JSON.stringify(login)}\n${JSON.stringify(share)}\n`,
      `"id":${2 + number}`,
    );
    return answer.includes('OK');
  },
};
