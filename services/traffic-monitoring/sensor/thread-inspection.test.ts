import type { InspectedFlowState, InspectedPacket } from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { FindingsJoints } from './shards/findings-joints.ts';
import { ThreadInspector } from './thread-inspection.ts';

const NUMBERS = new URL('./shards/dying-inspection.ts', import.meta.url).href;

/** A module that asks for all that is given on demand, and finds what it is given. */
const FRAMES = `data:text/javascript,${encodeURIComponent(`
  export function createInspection() {
    let findings = [];
    const inspector = {
      wantsFrames: true,
      wantsStreamEvents: true,
      packet() {}, stream() {}, flowEnded() {},
      transaction: (flow, direction, { frame }) => findings.push(frame.type),
      streamEvents: (packet, events) => findings.push(...events),
    };
    return { inspector, takeFindings: () => findings.splice(0) };
  }
`)}`;

function task(by: string, version: number) {
  return { by, version, module: NUMBERS, data: [] };
}

/** The module that looks reads nothing but its number. */
function packet(packetNumber: number): InspectedPacket {
  return { packetNumber } as InspectedPacket;
}

describe('what services look at packets with, in one thread', () => {
  it('all see every packet, and what each found is told as its own', async () => {
    const inspector = new ThreadInspector('src_1');
    await inspector.use([task('rules', 1), task('data', 2)]);
    inspector.packet(packet(1));
    inspector.packet(packet(2));
    expect(inspector.takeFindings()).toEqual([
      { by: 'rules', findings: [1, 2] },
      { by: 'data', findings: [1, 2] },
    ]);
    expect(inspector.takeFindings()).toEqual([]);
  });

  it('goes on as it is while another is changed or withdrawn, and nothing that was found is lost', async () => {
    const inspector = new ThreadInspector('src_1');
    await inspector.use([task('rules', 1), task('data', 2)]);
    inspector.packet(packet(1));
    await inspector.use([task('rules', 1), task('data', 3)]);
    inspector.packet(packet(2));
    await inspector.use([task('rules', 1)]);
    inspector.packet(packet(3));
    expect(inspector.takeFindings()).toEqual([
      { by: 'data', findings: [1] },
      { by: 'data', findings: [2] },
      { by: 'rules', findings: [1, 2, 3] },
    ]);
  });

  it('stays in use when another cannot be loaded', async () => {
    const inspector = new ThreadInspector('src_1');
    await inspector.use([task('rules', 1)]);
    await expect(inspector.use([{ ...task('rules', 2), module: 'file:///nowhere.ts' }])).rejects.toThrow(/nowhere/);
    inspector.packet(packet(1));
    expect(inspector.takeFindings()).toEqual([{ by: 'rules', findings: [1] }]);
  });

  it('gets frames and what is irregular in connections only where a module asks for them', async () => {
    const inspector = new ThreadInspector('src_1');
    await inspector.use([task('numbers', 1), { by: 'frames', version: 1, module: FRAMES, data: [] }]);
    expect([inspector.wantsFrames, inspector.wantsStreamEvents]).toEqual([true, true]);
    const [flow, frame] = [{} as InspectedFlowState, { type: 'pdu', length: 1 }];
    inspector.transaction(flow, 'to-server', { protocol: 'dns', buffers: {}, frame });
    inspector.streamEvents(packet(1), ['fin_syn']);
    expect(inspector.takeFindings()).toEqual([{ by: 'frames', findings: ['pdu', 'fin_syn'] }]);
    await inspector.use([task('numbers', 1)]);
    expect([inspector.wantsFrames, inspector.wantsStreamEvents]).toEqual([false, false]);
    inspector.transaction(flow, 'to-server', { protocol: 'dns', buffers: {}, frame });
    inspector.streamEvents(packet(2), ['fin_syn']);
  });

  it('is joined with what the same service found in other threads, never with what another found', async () => {
    const joints = new FindingsJoints('src_1', [task('rules', 1), task('data', 1)]);
    const parts = [
      [{ by: 'rules', findings: [4, 1] }],
      [
        { by: 'data', findings: [3] },
        { by: 'rules', findings: [2] },
      ],
    ];
    expect(await joints.join(parts)).toEqual([
      { by: 'rules', findings: [1, 2, 4] },
      { by: 'data', findings: [3] },
    ]);
  });
});
