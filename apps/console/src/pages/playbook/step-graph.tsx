import { Paper, Text } from '@mantine/core';
import type { OutlineStep } from '../playbooks/queries.ts';

const ROW = 52;
const BOX = 340;
const COLUMN = 60;
/** A drawing of more helps nobody; the list has all. */
const MOST_DRAWN = 120;
const MOST_CHARACTERS = 46;

/** The ways between the steps. The tab "Steps" says the same in words, for who cannot see it. */
export function StepGraph({ steps }: { steps: readonly OutlineStep[] }) {
  if (steps.length > MOST_DRAWN) return <Text c="dimmed">Too many steps for a drawing; the tab "Steps" has all.</Text>;
  const rows = new Map(steps.map(({ id }, index) => [id, index]));
  const deepest = Math.max(...steps.map(({ depth }) => depth));
  const width = BOX + (deepest + 1) * COLUMN + 120;
  return (
    <Paper component="section" style={{ overflowX: 'auto' }}>
      <svg width={width} height={steps.length * ROW + 10} aria-hidden="true" focusable="false">
        <defs>
          <marker id="way" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" fill="var(--mantine-color-dimmed)" />
          </marker>
        </defs>
        {steps.flatMap((step, row) =>
          step.next.map(({ by, to, isBranch }) => {
            const target = rows.get(to);
            const other = steps[target ?? -1];
            if (target === undefined || other === undefined) return null;
            return (
              <path
                key={`${step.id} ${by}`}
                d={pathOf({ depth: step.depth, row }, { depth: other.depth, row: target })}
                fill="none"
                stroke="var(--mantine-color-dimmed)"
                strokeDasharray={isBranch ? '5 3' : undefined}
                markerEnd="url(#way)"
              />
            );
          }),
        )}
        {steps.map((step, row) => (
          <Step key={step.id} step={step} row={row} />
        ))}
      </svg>
      <Text size="xs" c="dimmed">
        Solid: what comes next; dashed: a branch. Boxes with a thick edge are carried out by SPHINX, others by people.
        The tab "Steps" says the same in words.
      </Text>
    </Paper>
  );
}

function Step({ step, row }: { step: OutlineStep; row: number }) {
  const isMachine = step.agent === 'SPHINX response';
  const isQuestion = step.type.endsWith('-condition') || step.type === 'parallel';
  return (
    <g transform={`translate(${step.depth * COLUMN + 10} ${row * ROW + 6})`}>
      <rect
        width={BOX}
        height={36}
        rx={isQuestion ? 18 : 6}
        fill="var(--mantine-color-body)"
        stroke={isMachine ? 'var(--mantine-color-blue-7)' : 'var(--mantine-color-gray-5)'}
        strokeWidth={isMachine ? 2.5 : 1}
      />
      <text x={12} y={22} fontSize={12} fill="var(--mantine-color-text)">
        {`${step.number} ${step.name}`.slice(0, MOST_CHARACTERS)}
      </text>
    </g>
  );
}

interface Place {
  readonly depth: number;
  readonly row: number;
}

/** Straight down to the next row; round the right side where steps lie between. */
function pathOf(from: Place, to: Place): string {
  const [startY, endY] = [from.row * ROW + 42, to.row * ROW + 6];
  if (to.row === from.row + 1) {
    const x = Math.max(from.depth, to.depth) * COLUMN + 40;
    return `M${x} ${startY} L${x} ${endY}`;
  }
  const right = Math.max(from.depth, to.depth) * COLUMN + BOX + 10;
  const bend = right + 20 + Math.min(60, Math.abs(to.row - from.row) * 6);
  const [y1, y2] = [from.row * ROW + 24, to.row * ROW + 24];
  return `M${from.depth * COLUMN + BOX + 10} ${y1} C${bend} ${y1} ${bend} ${y2} ${to.depth * COLUMN + BOX + 12} ${y2}`;
}
