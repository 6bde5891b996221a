import { Text } from '@mantine/core';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { SectionTitle } from '../../components/section-title.tsx';
import { DetectionTable } from '../detections/detection-table.tsx';
import { useDetections } from '../detections/queries.ts';
import type { Flow } from './queries.ts';

/** What rules have found in this flow. */
export function FlowDetections({ rows }: { rows: readonly Flow[] }) {
  const isOff = useServicesOff().has('intrusion-detection');
  const isWanted = useMay('detections:read') && !isOff;
  const [first] = rows;
  const between = first === undefined ? '' : `${first.src_ip}/${first.src_port},${first.dst_ip}/${first.dst_port}`;
  const query = {
    between,
    source: first?.source_id,
    from: Math.min(...rows.map(({ time }) => time)),
    until: Math.max(...rows.map(({ end_time: end }) => end)),
  };
  const list = useDetections(query, isWanted && between !== '');
  if (!isWanted) return null;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <SectionTitle>Detections</SectionTitle>
      <ErrorText error={list.error} />
      {list.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          No rule has found anything in it.
        </Text>
      )}
      {items.length > 0 && <DetectionTable detections={items} />}
    </>
  );
}
