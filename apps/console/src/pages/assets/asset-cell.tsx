import { Anchor, Group, Text } from '@mantine/core';
import type { Verdict } from '@sphinx/schema';
import { IconAlertTriangle, IconPinFilled } from '@tabler/icons-react';
import { Link } from 'react-router';
import { NewBadge, SampleBadge, VerdictBadge } from '../../components/badges.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { SAFETY_CLASS_TITLES } from '../asset/fact-titles.ts';
import type { AssetColumnId } from './asset-columns.ts';
import type { AssetSummary } from './queries.ts';

/** One cell of the list of assets. What is not known says so. */
export function AssetCell(props: {
  column: AssetColumnId | string;
  asset: AssetSummary;
  verdict: Verdict | undefined;
  isReachable: boolean;
}) {
  const { column, asset, verdict, isReachable } = props;
  switch (column) {
    case 'name':
      return <NameCell asset={asset} isReachable={isReachable} />;
    case 'kind':
      return <Value text={asset.kindTitle} />;
    case 'verdict':
      return verdict === undefined ? <Unknown text="not verified yet" /> : <VerdictBadge verdict={verdict} />;
    case 'ip':
      return <Several values={asset.ips} />;
    case 'mac':
      return <Several values={asset.macs} />;
    case 'safetyClass':
      return <Value text={asset.patientSafetyClass === null ? null : SAFETY_CLASS_TITLES[asset.patientSafetyClass]} />;
    case 'services':
      return asset.services;
    case 'firstSeen':
      return <TimeText time={asset.firstSeen} />;
    case 'lastSeen':
      return <TimeText time={asset.lastSeen} />;
    case 'manufacturer':
    case 'model':
    case 'zone':
    case 'clinicalFunction':
    case 'owner':
    case 'location':
      return <Value text={asset[column]} />;
    default:
      return null;
  }
}

function NameCell({ asset, isReachable }: { asset: AssetSummary; isReachable: boolean }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Anchor
        component={Link}
        to={`/assets/${encodeURIComponent(asset.id)}`}
        tabIndex={isReachable ? 0 : -1}
        title={asset.name}
        size="sm"
        truncate
      >
        {asset.name}
      </Anchor>
      {asset.isPinned && <IconPinFilled size={14} aria-label="confirmed by a person" role="img" />}
      {asset.conflicts > 0 && (
        <IconAlertTriangle
          size={16}
          role="img"
          aria-label={`${asset.conflicts} identity conflicts`}
          color="var(--mantine-color-orange-text)"
        />
      )}
      {asset.isNew && <NewBadge />}
      {asset.isSample && <SampleBadge />}
    </Group>
  );
}

function Value({ text }: { text: string | null }) {
  return text === null ? <Unknown text="unknown" /> : <span title={text}>{text}</span>;
}

function Several({ values }: { values: readonly string[] }) {
  const [first, ...others] = values;
  if (first === undefined) return <Unknown text="none" />;
  return <span title={values.join(', ')}>{others.length === 0 ? first : `${first} + ${others.length}`}</span>;
}

function Unknown({ text }: { text: string }) {
  return (
    <Text span c="dimmed" size="sm" fs="italic">
      {text}
    </Text>
  );
}
