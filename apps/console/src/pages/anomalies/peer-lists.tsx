import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { BaselinePeer } from './queries.ts';

const SHOWN = 8;
const DAY_MS = 86_400_000;
/** Ids of assets begin so; what is none is an address. */
const ASSET = 'ast_';

/** Whom a device speaks to and who speaks to it, by name and since when; what is new of the last day first. */
export function PeerLists({ peers }: { peers: readonly BaselinePeer[] }) {
  return (
    <Stack gap={2}>
      <PeerList title="Speaks to" peers={peers.filter(({ role }) => role === 'asked')} />
      <PeerList title="Is spoken to from" peers={peers.filter(({ role }) => role === 'asks')} />
    </Stack>
  );
}

function PeerList({ title, peers }: { title: string; peers: readonly BaselinePeer[] }) {
  if (peers.length === 0) return null;
  const newest = Math.max(...peers.map(({ lastSeen }) => lastSeen)) - DAY_MS;
  const oldest = Math.min(...peers.map(({ since }) => since));
  const isNew = ({ since }: BaselinePeer) => since > newest && since > oldest + DAY_MS;
  const shown = [...peers.filter(isNew), ...peers.filter((peer) => !isNew(peer))].slice(0, SHOWN);
  return (
    <Text size="sm">
      {title}{' '}
      {shown.map((peer, at) => (
        <span key={peer.key}>
          {at > 0 && ', '}
          {peer.key.startsWith(ASSET) ? (
            <Anchor component={Link} to={`/assets/${encodeURIComponent(peer.key)}`} size="sm">
              {peer.name}
            </Anchor>
          ) : (
            peer.name
          )}{' '}
          <Text span size="sm" c="dimmed">
            {isNew(peer) ? 'for the first time on' : 'since'} {dayText(peer.since)}
          </Text>
        </span>
      ))}
      {peers.length > SHOWN && ` and ${peers.length - SHOWN} more`}.
    </Text>
  );
}

function dayText(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
