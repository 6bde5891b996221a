import { fileURLToPath } from 'node:url';
import type { InspectedFlowState, Inspector } from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { loadDataKnowledge } from '../knowledge/data-knowledge.ts';
import type { TransferFinding } from '../transfers/transfer.ts';
import { createInspection } from './inspection.ts';
import { WaitingBytes } from './waiting-bytes.ts';

const KNOWLEDGE = await loadDataKnowledge(fileURLToPath(new URL('../../../knowledge', import.meta.url)));
const HARMLESS = 'Nothing of anybody is said here, in so many words.\n';
const CSV = 'Patient;Name;Geburtsdatum;BSN\n1;Muster;01.04.1950;111222333\n2;Beispiel;13.12.1961;123456782\n';

function open(bytesPerDirection: number) {
  const { inspector, takeFindings } = createInspection({ ...KNOWLEDGE, bytesPerDirection }, 'src_1');
  const watch = inspector as Inspector;
  return {
    say: (flow: InspectedFlowState, text: string) => watch.stream(flow, 'to-server', Buffer.from(text)),
    end: (flow: InspectedFlowState) => watch.flowEnded(flow),
    take: () => takeFindings() as readonly TransferFinding[],
  };
}

let port = 40_000;
function flow(): InspectedFlowState {
  port += 1;
  const ends = { clientIp: '10.1.0.1', serverIp: '10.2.0.1', clientPort: port, serverPort: 7777, transport: 'tcp' };
  const counts = { bytesToServer: 100, bytesToClient: 0, firstPacketNumber: 1, lastPacketNumber: 9, lastMicros: 5_000 };
  return { ...ends, ...counts, protocol: undefined } as unknown as InspectedFlowState;
}

describe('connections that are watched for data of patients', () => {
  it('are looked at together, whatever pieces they come in and however many there are', () => {
    const watch = open(65_536);
    const [harmless, telling] = [Array.from({ length: 300 }, flow), Array.from({ length: 300 }, flow)];
    for (const part of [CSV.slice(0, 50), CSV.slice(50)]) {
      for (const one of telling) watch.say(one, part);
      for (const one of harmless) watch.say(one, HARMLESS);
    }
    const findings = watch.take();
    expect(findings.map(({ id }) => id)).toHaveLength(telling.length);
    expect(findings[0]).toMatchObject({ counts: { identifiers: { 'nl-bsn': 2 } }, packet: { number: 9 } });
    expect(watch.take()).toEqual([]);
  });

  it('are heard so far and no further, also where nothing was found for many batches', () => {
    for (const [limit, isFound] of [
      [HARMLESS.length * 5 + CSV.length, true],
      [HARMLESS.length * 5 + 10, false],
    ] as const) {
      const [watch, one] = [open(limit), flow()];
      for (let batch = 0; batch < 5; batch++) {
        watch.say(one, HARMLESS);
        expect(watch.take()).toEqual([]);
      }
      watch.say(one, CSV);
      expect(watch.take().length > 0).toBe(isFound);
      watch.end(one);
      expect(watch.take()).toEqual([]);
    }
  });

  it('say what they have found once they are over', () => {
    const [watch, one] = [open(65_536), flow()];
    watch.say(one, CSV);
    watch.end(one);
    expect(watch.take()).toMatchObject([{ counts: { identifiers: { 'nl-bsn': 2 } } }]);
  });

  it('wait in one buffer, which tells when it is full', () => {
    const waiting = new WaitingBytes(8);
    const places = [waiting.add(Buffer.from('abc')), 3, waiting.add(Buffer.from('de')), 2];
    expect([Buffer.from(waiting.joined(places)).toString(), waiting.hasRoom(3), waiting.hasRoom(4)]).toEqual([
      'abcde',
      true,
      false,
    ]);
    waiting.clear();
    expect(waiting.hasRoom(8)).toBe(true);
  });
});
