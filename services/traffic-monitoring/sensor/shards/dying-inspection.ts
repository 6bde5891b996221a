import type { CreateFindingsJoint, CreateInspection } from '@sphinx/platform';

// Test module: what looks at packets in a thread, and ends the thread at packets of the given numbers.

export const createInspection: CreateInspection = (data) => {
  const deadly = data as readonly number[];
  let seen: number[] = [];
  return {
    inspector: {
      packet({ packetNumber }: { readonly packetNumber: number }) {
        if (deadly.includes(packetNumber)) throw new Error(`Packet ${packetNumber} is too much.`);
        seen.push(packetNumber);
      },
      stream() {},
      transaction() {},
      flowEnded() {},
    },
    takeFindings() {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
};

/** Gives the numbers of all packets that were looked at, in their order. */
export const createFindingsJoint: CreateFindingsJoint = () => (parts) =>
  (parts.flat() as number[]).sort((left, right) => left - right);
