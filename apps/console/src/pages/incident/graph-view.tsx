import { Paper, Stack, Table, Text } from '@mantine/core';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import type { IncidentDetail } from '../incidents/queries.ts';
import { type EvidenceGraph, useGraph } from './evidence-queries.ts';

const ROW = 46;
const WIDTH = 900;
const BOX = 230;
/** Beyond it a drawing helps nobody; the table has all. */
const MOST_DRAWN = 40;

/** Who had to do with whom, and which alerts say so. */
export function GraphView({ incident }: { incident: IncidentDetail }) {
  const { data, error, refetch } = useGraph(incident.id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the graph" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.edges.length === 0) {
    return (
      <EmptyState
        title="Nothing to draw"
        description="No alert of this incident names two that had to do with each other."
      />
    );
  }
  return (
    <Stack gap="md">
      {data.nodes.length <= MOST_DRAWN && <Drawing graph={data} />}
      <EdgeTable graph={data} />
    </Stack>
  );
}

interface Placed {
  readonly x: number;
  readonly y: number;
}

/** Whoever only acts stands left, whoever is only acted upon right, whoever does both between. */
function placesOf({ nodes, edges }: EvidenceGraph): ReadonlyMap<string, Placed> {
  const acts = new Set(edges.map(({ from }) => from));
  const suffers = new Set(edges.map(({ to }) => to));
  const rows = [0, 0, 0];
  return new Map(
    nodes.map(({ id }) => {
      const column = acts.has(id) ? (suffers.has(id) ? 1 : 0) : 2;
      const row = rows[column] ?? 0;
      rows[column] = row + 1;
      return [id, { x: column * ((WIDTH - BOX) / 2), y: 10 + row * ROW }];
    }),
  );
}

function Drawing({ graph }: { graph: EvidenceGraph }) {
  const places = placesOf(graph);
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + ROW;
  return (
    <Paper component="section" style={{ overflowX: 'auto' }}>
      <svg width={WIDTH} height={height} aria-hidden="true" focusable="false">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" fill="var(--mantine-color-dimmed)" />
          </marker>
        </defs>
        {graph.edges.map(({ from, to }) => {
          const [start, end] = [places.get(from), places.get(to)];
          if (start === undefined || end === undefined) return null;
          const [x1, x2] = start.x < end.x ? [start.x + BOX, end.x] : [start.x, end.x + (start.x === end.x ? 0 : BOX)];
          return (
            <line
              key={`${from} ${to}`}
              x1={x1}
              y1={start.y + 16}
              x2={x2}
              y2={end.y + 16}
              stroke="var(--mantine-color-dimmed)"
              strokeWidth={1.5}
              markerEnd="url(#arrow)"
            />
          );
        })}
        {graph.nodes.map(({ id, name, type, isClinical }) => {
          const place = places.get(id);
          if (place === undefined) return null;
          return (
            <g key={id} transform={`translate(${place.x} ${place.y})`}>
              <rect
                width={BOX}
                height={32}
                rx={6}
                fill="var(--mantine-color-body)"
                stroke={isClinical ? 'var(--mantine-color-red-7)' : 'var(--mantine-color-gray-5)'}
                strokeWidth={isClinical ? 2.5 : 1}
              />
              <text x={10} y={20} fontSize={12} fill="var(--mantine-color-text)">
                {`${isClinical ? '♥ ' : ''}${name.slice(0, 26)} (${type})`}
              </text>
            </g>
          );
        })}
      </svg>
      <Text size="xs" c="dimmed">
        Left: who acted; right: who was acted upon; a heart: a device that care depends on. The table says the same.
      </Text>
    </Paper>
  );
}

function EdgeTable({ graph }: { graph: EvidenceGraph }) {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Who had to do with whom, oldest first" verticalSpacing={4}>
        <TableHead columns={['First', 'Who', 'Whom', { title: 'Times', isNumber: true }, 'Alerts']} />
        <Table.Tbody>
          {graph.edges.map((edge) => (
            <Table.Tr key={`${edge.from} ${edge.to}`}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(edge.firstSeen)}</Table.Td>
              <Table.Td>{names.get(edge.from)}</Table.Td>
              <Table.Td>{names.get(edge.to)}</Table.Td>
              <Table.Td ta="right">{formatCount(edge.count)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{edge.titles.join('; ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
