import type { InspectedPacket } from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { FindingsJoints } from './shards/findings-joints.ts';
import { ThreadInspector } from './thread-inspection.ts';

const NUMBERS = new URL('./shards/dying-inspection.ts', import.meta.url).href;

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
