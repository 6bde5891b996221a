import { Group, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { LAYERS } from './care-words.tsx';
import { arrange, BOX, type PlacedNode } from './picture-layout.ts';
import { type CareNode, type Effect, useSurroundings } from './queries.ts';

const STROKES: Readonly<Record<Effect, { readonly color: string; readonly width: number; readonly dash?: string }>> = {
  stops: { color: 'var(--mantine-color-red-7)', width: 2 },
  degrades: { color: 'var(--mantine-color-orange-7)', width: 1.5, dash: '7 3' },
  slows: { color: 'var(--mantine-color-gray-6)', width: 1, dash: '2 3' },
};

/** From the patient on the left to the network on the right. Everything in it is also in the tables below it. */
export function CarePicture({ id }: { id: string }) {
  const { data } = useSurroundings(id);
  const [parameters, setParameters] = useSearchParams();
  if (data === undefined || data.nodes.length < 2) return null;
  const { nodes, width, height, titles } = arrange(data.nodes);
  const places = new Map(nodes.map((node) => [node.id, node]));
  const open = (node: CareNode) => {
    const next = new URLSearchParams(parameters);
    next.set('node', node.id);
    setParameters(next, { preventScrollReset: true });
  };
  return (
    <figure style={{ margin: 0, overflowX: 'auto' }} aria-label="Who needs whom, from the patient to the network">
      <div style={{ position: 'relative', width, height }}>
        <svg width={width} height={height} aria-hidden="true" focusable="false" style={{ position: 'absolute' }}>
          {data.edges.map(({ from, to, effect, text }) => {
            const [start, end] = [places.get(from), places.get(to)];
            if (start === undefined || end === undefined) return null;
            const { color, width: strokeWidth, dash } = STROKES[effect];
            return (
              <path
                key={text}
                d={curve(start, end)}
                fill="none"
                stroke={color}
                strokeWidth={strokeWidth}
                strokeDasharray={dash}
              />
            );
          })}
        </svg>
        {titles.map(({ layer, x }) => (
          <Text key={layer} size="xs" fw={600} style={{ position: 'absolute', left: x, top: 0 }}>
            {LAYERS[layer]}
          </Text>
        ))}
        {nodes.map((node) => (
          <NodeButton key={node.id} node={node} isChosen={node.id === id} onOpen={() => open(node)} />
        ))}
      </div>
      <Group component="figcaption" gap="md">
        <Text size="xs">
          Lines lead to what is needed. Solid: without it, it stops. Dashed: degraded. Dotted: slowed.
          {data.leftOut > 0 && ` ${data.leftOut} more have no room here.`}
        </Text>
      </Group>
    </figure>
  );
}

function NodeButton({ node, isChosen, onOpen }: { node: PlacedNode; isChosen: boolean; onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      title={node.name}
      aria-current={isChosen}
      style={{
        position: 'absolute',
        left: node.x,
        top: node.y,
        width: BOX.width,
        height: BOX.height,
        padding: '0 8px',
        textAlign: 'left',
        whiteSpace: 'nowrap',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        fontSize: 12,
        cursor: 'pointer',
        borderRadius: 6,
        color: 'var(--mantine-color-text)',
        background: 'var(--mantine-color-body)',
        border: isChosen ? '2px solid var(--mantine-color-blue-7)' : '1px solid var(--mantine-color-gray-5)',
      }}
    >
      {node.safety === 'life-sustaining' && <span aria-hidden="true">♥ </span>}
      {node.name}
    </button>
  );
}

/** From the right edge of the one that needs to the left edge of what it needs; within a column around it. */
function curve(start: PlacedNode, end: PlacedNode): string {
  const [y1, y2] = [start.y + BOX.height / 2, end.y + BOX.height / 2];
  if (start.x === end.x) {
    const x = start.x + BOX.width;
    return `M${x} ${y1} C${x + 28} ${y1} ${x + 28} ${y2} ${x} ${y2}`;
  }
  const [x1, x2] = start.x < end.x ? [start.x + BOX.width, end.x] : [start.x, end.x + BOX.width];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
