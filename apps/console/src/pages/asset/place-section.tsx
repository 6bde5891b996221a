import { Alert, Anchor, List, Table, Text } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PacketText } from './packet-text.tsx';

/** Rows of the "where" table: every name and address. */
export function Addresses({ asset }: { asset: Asset }) {
  return (
    <>
      <AddressRow title="IP addresses" values={asset.ips} />
      <AddressRow title="MAC addresses" values={asset.macs} />
      <AddressRow title="Host names" values={asset.hostnames} />
    </>
  );
}

function AddressRow({ title, values }: { title: string; values: readonly string[] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {title}
      </Table.Th>
      <Table.Td colSpan={2}>
        {values.length === 0 && (
          <Text size="sm" c="dimmed" fs="italic">
            none seen
          </Text>
        )}
        {values.map((value) => (
          <Text key={value} size="sm" ff="monospace">
            {value}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}

/** Two devices under one identity are urgent: it stands above everything else. */
export function Conflicts({ asset }: { asset: Asset }) {
  if (asset.conflicts.length === 0) return null;
  return (
    <Alert
      variant="outline"
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title="Its identity is in conflict"
    >
      <List size="sm">
        {asset.conflicts.map((conflict) => (
          <List.Item key={`${conflict.kind}${conflict.value}${conflict.otherAssetId}`}>
            {conflict.detail}
            {conflict.otherAssetId !== undefined && (
              <>
                {' '}
                <Anchor
                  component={Link}
                  to={`/assets/${encodeURIComponent(conflict.otherAssetId)}`}
                  inherit
                  underline="always"
                >
                  Open the other asset
                </Anchor>
              </>
            )}
            {conflict.packet !== undefined && (
              <>
                {' '}
                (<PacketText packet={conflict.packet} />)
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
