import { Rectangle, ResponsiveContainer, Sankey, type SankeyLinkProps, type SankeyNodeProps } from 'recharts';

export interface DiagramLink {
  readonly from: string;
  readonly to: string;
  /** Width of the band. */
  readonly value: number;
  /** Drawn in the colour of warnings; say why in words beside. */
  readonly isTroubled?: boolean;
}

const ROW_PX = 34;
const LEAST_PX = 160;
const LABEL_PX = 210;
const LABEL_LETTERS = 30;

/** Bands from the left to the right, as wide as what flows through them (Sankey, 1898). A table must hold the same. */
export function FlowDiagram({ label, links }: { label: string; links: readonly DiagramLink[] }) {
  const left = [...new Set(links.map(({ from }) => from))];
  const right = [...new Set(links.map(({ to }) => to))];
  const nodes = [...left.map((name) => ({ name, side: 'left' })), ...right.map((name) => ({ name, side: 'right' }))];
  const bands = links.map(({ from, to, value, isTroubled = false }) => ({
    source: left.indexOf(from),
    target: left.length + right.indexOf(to),
    value: Math.max(1, value),
    isTroubled,
  }));
  const height = Math.max(LEAST_PX, Math.max(left.length, right.length) * ROW_PX);
  return (
    <div role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={height}>
        <Sankey
          data={{ nodes, links: bands }}
          nodeWidth={10}
          nodePadding={16}
          iterations={48}
          margin={{ left: LABEL_PX, right: LABEL_PX, top: 8, bottom: 8 }}
          node={drawNode}
          link={drawLink}
        />
      </ResponsiveContainer>
    </div>
  );
}

function drawNode({ x, y, width, height, payload }: SankeyNodeProps) {
  const { name = '', side } = payload as { name?: string; side?: string };
  const isLeft = side === 'left';
  return (
    <g>
      <Rectangle x={x} y={y} width={width} height={Math.max(2, height)} fill="var(--mantine-color-cyan-7)" />
      <text
        x={isLeft ? x - 8 : x + width + 8}
        y={y + height / 2}
        textAnchor={isLeft ? 'end' : 'start'}
        dominantBaseline="central"
        fontSize={13}
        fill="var(--mantine-color-text)"
      >
        <title>{name}</title>
        {name.length > LABEL_LETTERS ? `${name.slice(0, LABEL_LETTERS - 1)}…` : name}
      </text>
    </g>
  );
}

function drawLink(props: SankeyLinkProps) {
  const { sourceX, targetX, sourceY, targetY, sourceControlX, targetControlX, linkWidth, payload } = props;
  const { isTroubled } = payload as { isTroubled?: boolean };
  return (
    <path
      d={`M${sourceX},${sourceY}C${sourceControlX},${sourceY} ${targetControlX},${targetY} ${targetX},${targetY}`}
      fill="none"
      stroke={isTroubled ? 'var(--mantine-color-orange-6)' : 'var(--mantine-color-cyan-6)'}
      strokeWidth={Math.max(2, linkWidth)}
      strokeOpacity={isTroubled ? 0.7 : 0.35}
    />
  );
}
