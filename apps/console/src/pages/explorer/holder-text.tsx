import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { AddressHolder } from './queries.ts';

/** An address with the name of the asset that has it, which leads there. */
export function HolderText({ ip, port = 0, holder }: { ip: string; port?: number; holder: AddressHolder | undefined }) {
  const address = port === 0 ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  if (holder === undefined || holder.name === ip) {
    return (
      <Text span size="sm" ff="monospace">
        {address}
      </Text>
    );
  }
  return (
    <>
      <Anchor component={Link} to={`/assets/${encodeURIComponent(holder.assetId)}`} size="sm">
        {holder.name}
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace">
        {address}
      </Text>
    </>
  );
}
