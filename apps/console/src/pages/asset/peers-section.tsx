import { Anchor, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import type { Asset, AssetPeer } from '@sphinx/schema';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { drawablePeers, groupPeers, type PeerGroup } from './peer-graph.ts';
import { useNeighbourNames } from './queries.ts';
import { Section } from './section.tsx';
import { EncryptionBadge } from './services-section.tsx';

/** The picture library is large and only this picture needs it. */
const PeerGraphView = lazy(async () => ({ default: (await import('./peer-graph-view.tsx')).PeerGraphView }));

/** Whom does it talk to? As a picture and as a table, which hold the same. */
export function PeersSection({ asset }: { asset: Asset }) {
  const [view, setView] = useState('graph');
  const names = useNeighbourNames(asset.id);
  const groups = useMemo(() => groupPeers(asset, names), [asset, names]);
  return (
    <Section
      title="Whom does it talk to?"
      aside={
        groups.length > 0 && (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            aria-label="How to show the peers"
            data={[
              { value: 'graph', label: 'Graph' },
              { value: 'table', label: `Table (${asset.peers.length})` },
            ]}
          />
        )
      }
    >
      {groups.length === 0 ? (
        <Text size="sm" c="dimmed">
          No conversation of it has been seen yet.
        </Text>
      ) : view === 'graph' ? (
        <PeerPicture asset={asset} groups={groups} />
      ) : (
        <PeerTable groups={groups} />
      )}
    </Section>
  );
}

function PeerPicture({ asset, groups }: { asset: Asset; groups: readonly PeerGroup[] }) {
  const navigate = useNavigate();
  const { shown, hidden } = useMemo(() => drawablePeers(groups), [groups]);
  return (
    <Stack gap="xs">
      <Suspense fallback={<Text size="sm">Drawing …</Text>}>
        <PeerGraphView
          assetName={asset.name}
          peers={shown}
          onOpen={(id) => navigate(`/assets/${encodeURIComponent(id)}`)}
        />
      </Suspense>
      <Text size="sm" c="dimmed">
        Arrows point from who opened the conversation. Solid with a lock: encrypted. Dashed: clear text. Dotted: never
        answered. Diamonds are addresses outside the hospital. Click an asset to open it.
        {hidden > 0 && ` The ${hidden} quietest peers are only in the table.`}
      </Text>
    </Stack>
  );
}

const SHOWN_ROWS = 300;

function PeerTable({ groups }: { groups: readonly PeerGroup[] }) {
  const rows = groups.flatMap((group) => group.talks.map((talk) => ({ group, talk })));
  return (
    <>
      <Table.ScrollContainer minWidth={900}>
        <Table aria-label="Conversations, busiest peer first">
          <TableHead
            columns={[
              'Peer',
              'Direction',
              'Protocol',
              'Encryption',
              { title: 'Sent', isNumber: true },
              { title: 'Received', isNumber: true },
              { title: 'Flows', isNumber: true },
              'Last',
            ]}
          />
          <Table.Tbody>
            {rows.slice(0, SHOWN_ROWS).map(({ group, talk }) => (
              <PeerRow
                key={[group.key, talk.ip, talk.direction, talk.transport, talk.port, talk.protocol].join('|')}
                group={group}
                talk={talk}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > SHOWN_ROWS && (
        <Text size="sm" c="dimmed">
          The {SHOWN_ROWS} conversations of the busiest peers, of {formatCount(rows.length)}.
        </Text>
      )}
    </>
  );
}

function PeerRow({ group, talk }: { group: PeerGroup; talk: AssetPeer }) {
  return (
    <Table.Tr>
      <Table.Td>
        {group.assetId === undefined ? (
          group.label
        ) : (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(group.assetId)}`} size="sm">
            {group.label}
          </Anchor>
        )}
        <Text size="xs" c="dimmed">
          {talk.isExternal
            ? 'outside the hospital'
            : [talk.kind ?? 'unknown kind', talk.zone].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        {talk.direction}
        {!talk.isAnswered && ', never answered'}
      </Table.Td>
      <Table.Td>
        {talk.protocol} ({talk.transport}/{talk.port})
      </Table.Td>
      <Table.Td>
        <EncryptionBadge isEncrypted={talk.isEncrypted} />
      </Table.Td>
      <Table.Td ta="right">{formatBytes(talk.bytesSent)}</Table.Td>
      <Table.Td ta="right">{formatBytes(talk.bytesReceived)}</Table.Td>
      <Table.Td ta="right">{formatCount(talk.flows)}</Table.Td>
      <Table.Td>
        <TimeText time={talk.lastSeen} />
      </Table.Td>
    </Table.Tr>
  );
}
