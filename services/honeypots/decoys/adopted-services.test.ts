import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DecoyKnowledge, loadDecoyKnowledge } from '../knowledge.ts';
import { KNOWLEDGE } from '../protocols/test-peer.ts';
import { adoptServices, type SeenService } from './adopted-services.ts';
import { servicesOf } from './decoy.ts';

let knowledge: DecoyKnowledge;
beforeAll(async () => {
  knowledge = await loadDecoyKnowledge(KNOWLEDGE);
});
const adopted = (machines: readonly (readonly SeenService[])[]) => {
  const persona = knowledge.personas.get('pacs-archive');
  if (persona === undefined) throw new Error('no archive');
  return { persona, ...adoptServices(persona, machines, knowledge.personas.values()) };
};
const on = (protocol: string, port: number, isTls = false): SeenService => ({ protocol, port, isTls });

describe('a new decoy', () => {
  it('has its services on the ports that machines of its kind have here', () => {
    const { movedPorts, addedServices, reasons } = adopted([
      [on('dicom', 11_112), on('ssh', 22)],
      [on('dicom', 11_112), on('dicom', 104)],
    ]);
    expect(movedPorts).toEqual({ 104: 11_112 });
    expect(addedServices).toEqual([]);
    expect(reasons).toEqual(['Machines of this kind have dicom on 11112 here, not on 104.']);
  });

  it('offers what most machines of its kind offer, although its persona does not know of it', () => {
    const { persona, movedPorts, addedServices, reasons } = adopted([
      [on('mysql', 3306), on('smb', 445)],
      [on('mysql', 3306)],
    ]);
    expect(addedServices.map(({ protocol, port }) => `${protocol} ${port}`).sort()).toEqual(
      ['mysql 3306', 'smb 445'].slice(0, 1),
    );
    expect(reasons).toEqual(['Machines of this kind offer mysql on 3306 here.']);
    const identity = { movedPorts, addedServices };
    expect(
      servicesOf({ ports: {}, portOffset: 10_000, identity }, persona).map(({ protocol, port }) => [protocol, port]),
    ).toEqual([
      ['dicom', 10_104],
      ['http', 10_080],
      ['ssh', 10_022],
      ['mysql', 13_306],
    ]);
  });

  it('takes one machine for no custom, and what it cannot imitate for nothing', () => {
    expect(adopted([[on('dicom', 11_112)]]).movedPorts).toEqual({});
    expect(adopted([[on('oracle-tns', 1521)], [on('oracle-tns', 1521)]]).addedServices).toEqual([]);
    expect(adopted([[on('ftp', 21)], [], [], [on('ftp', 21)], []]).addedServices).toEqual([]);
  });

  it('never has two services on one port', () => {
    const seen = fc.record({
      protocol: fc.constantFrom('dicom', 'http', 'ssh', 'mysql', 'smb', 'ftp', 'rdp', 'telnet'),
      port: fc.constantFrom(21, 22, 80, 104, 445, 8080),
      isTls: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(seen, { maxLength: 6 }), { maxLength: 6 }), (machines) => {
        const { persona, movedPorts, addedServices } = adopted(machines);
        const ports = servicesOf({ ports: {}, portOffset: 0, identity: { movedPorts, addedServices } }, persona).map(
          ({ port }) => port,
        );
        expect(new Set(ports).size).toBe(ports.length);
      }),
    );
  });
});
