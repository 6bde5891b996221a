import { Anchor, Group, Table, Text } from '@mantine/core';
import type { Asset, Weakness } from '@sphinx/schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ApiError, request } from '../../api/request.ts';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { DecisionBadge, ExploitedBadge, STATUS_TITLES } from '../weaknesses/weakness-words.tsx';
import { Section } from './section.tsx';

interface AssetWeaknesses {
  readonly items: readonly Weakness[];
  readonly components: readonly {
    readonly kind: 'device' | 'software';
    readonly vendor: string;
    readonly name: string;
    readonly version: string;
    readonly source: string;
    readonly weaknesses: number;
    readonly leftOut: number;
  }[];
}

const MOST_SHOWN = 10;

/** Which published weaknesses does it have? */
export function WeaknessesSection({ asset }: { asset: Asset }) {
  const isOff = useServicesOff().has('vulnerability-assessment');
  const isShown = useMay('weaknesses:read') && !isOff;
  return isShown ? <Weaknesses id={asset.id} /> : null;
}

function Weaknesses({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ['weaknesses', 'asset', id],
    queryFn: ({ signal }) =>
      request<AssetWeaknesses>('GET', `/assets/${encodeURIComponent(id)}/weaknesses`, { signal }),
    retry: (count, reason) => !(reason instanceof ApiError && reason.status === 404) && count < 2,
  });
  const isCompared = !(error instanceof ApiError && error.status === 404);
  return (
    <Section
      title="Which known weaknesses does it have?"
      aside={
        data !== undefined &&
        data.items.length > MOST_SHOWN && (
          <Anchor component={Link} to={`/weaknesses?search=${encodeURIComponent(id)}&status=all`} size="sm">
            All {formatCount(data.items.length)}
          </Anchor>
        )
      }
    >
      {!isCompared && <Text c="dimmed">It has not been compared with advisories yet.</Text>}
      {isCompared &&
        data === undefined &&
        (error === null ? <LoadingState what="its weaknesses" /> : <ErrorText error={error} />)}
      {data !== undefined && <Found {...data} />}
    </Section>
  );
}

function Found({ items, components }: AssetWeaknesses) {
  return (
    <>
      {items.length === 0 ? (
        <Text>None of the advisories in use fits what is known of it.</Text>
      ) : (
        <Table aria-label="Weaknesses, most urgent first">
          <TableHead columns={['Weakness', 'Decision', 'Severity', 'Rests on', 'Status']} />
          <Table.Tbody>
            {items.slice(0, MOST_SHOWN).map((item) => (
              <Row key={item.id} item={item} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="xs" c="dimmed" mt="sm">
        {comparedText(components)}
      </Text>
    </>
  );
}

function Row({ item }: { item: Weakness }) {
  return (
    <Table.Tr>
      <Table.Td maw={300}>
        <Group gap={6}>
          <Anchor component={Link} to={`/weaknesses/${encodeURIComponent(item.weakness)}`} size="sm" fw={600}>
            {item.weakness}
          </Anchor>
          {item.isKnownExploited && <ExploitedBadge />}
        </Group>
        <Text size="xs" lineClamp={1}>
          {item.title}
        </Text>
      </Table.Td>
      <Table.Td>
        <DecisionBadge decision={item.decision} />
      </Table.Td>
      <Table.Td>
        <SeverityBadge severity={item.severity} />
      </Table.Td>
      <Table.Td maw={280}>
        <Text size="xs" lineClamp={2}>
          {item.presence === 'affected' ? '' : 'Unclear: '}
          {item.because}
        </Text>
      </Table.Td>
      <Table.Td>{STATUS_TITLES[item.status]}</Table.Td>
    </Table.Tr>
  );
}

function comparedText(components: AssetWeaknesses['components']): string {
  if (components.length === 0)
    return 'Nothing of its software or model is known that could be compared. A list of its software or a bill of materials of its model helps.';
  const names = components
    .slice(0, 8)
    .map(({ vendor, name, version }) => [vendor, name, version || '(version not known)'].filter(Boolean).join(' '));
  const further = components.length > names.length ? ` and ${components.length - names.length} more` : '';
  const leftOut = components.reduce((sum, component) => sum + component.leftOut, 0);
  const unlisted =
    leftOut === 0
      ? ''
      : ` ${formatCount(leftOut)} further weaknesses are possible and not listed, since versions are not known.`;
  return `Compared: ${names.join(', ')}${further}.${unlisted}`;
}
