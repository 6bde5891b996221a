import type { PacketReference } from '@sphinx/schema';
import { TimeText } from '../../components/time-text.tsx';
import { useSourceTitles } from '../sources/queries.ts';

/** Where something was seen, so that a person can look at the packet itself. */
export function PacketText({ packet }: { packet: PacketReference }) {
  const titles = useSourceTitles();
  return (
    <span>
      packet {packet.number.toLocaleString('en')} of {titles.get(packet.source) ?? packet.source},{' '}
      <TimeText time={packet.time} />
    </span>
  );
}
