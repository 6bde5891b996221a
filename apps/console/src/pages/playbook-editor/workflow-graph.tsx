import { Box, useComputedColorScheme } from '@mantine/core';
import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from 'cytoscape';
import { useEffect, useRef } from 'react';
import { type Draft, inOrder, nameOf, waysOf } from './draft.ts';

const HEIGHT_PX = 520;
const ROW_PX = 84;
const COLUMN_PX = 210;
const LONGEST = 34;
const WORDS: Readonly<Record<string, string>> = {
  on_completion: '',
  next_steps: '',
  on_success: 'worked',
  on_failure: 'failed',
  on_true: 'so',
  on_false: 'not so',
};

/** The steps as a graph; a click chooses one. The list beside it says the same and is walked through by keyboard. */
export function WorkflowGraph(props: {
  draft: Draft;
  chosen: string;
  /** Steps that have errors. */
  faulty: ReadonlySet<string>;
  onChoose: (id: string) => void;
}) {
  const { draft, chosen, faulty, onChoose } = props;
  const container = useRef<HTMLDivElement>(null);
  const graph = useRef<Core>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const colorScheme = useComputedColorScheme('light');

  useEffect(() => {
    const made = cytoscape({
      container: container.current,
      minZoom: 0.2,
      maxZoom: 2,
      userZoomingEnabled: false,
      autoungrabify: true,
    });
    made.on('tap', 'node', (event) => choose.current(String(event.target.id())));
    graph.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const made = graph.current;
    if (made === null) return;
    made.elements().remove();
    made.add(elementsOf(draft, chosen, faulty));
    made.style(styleFor(colorScheme === 'dark'));
    made.fit(undefined, 20);
    const node = made.getElementById(chosen);
    if (made.zoom() < 0.6 && node.nonempty()) {
      made.zoom(0.8);
      made.center(node);
      made.panBy({ x: 0, y: -HEIGHT_PX / 4 });
    }
  }, [draft, chosen, faulty, colorScheme]);

  return (
    <Box
      ref={container}
      role="img"
      aria-label={`${Object.keys(draft.workflow).length} steps as a graph. The list of steps holds the same in words.`}
      h={HEIGHT_PX}
      style={{ border: '1px solid var(--mantine-color-default-border)' }}
    />
  );
}

function elementsOf(draft: Draft, chosen: string, faulty: ReadonlySet<string>): ElementDefinition[] {
  const widths = new Map<number, number>();
  const nodes = inOrder(draft).map(({ id, depth }): ElementDefinition => {
    const column = widths.get(depth) ?? 0;
    widths.set(depth, column + 1);
    const step = draft.workflow[id];
    const classes = [step?.type ?? '', id === chosen ? 'chosen' : '', faulty.has(id) ? 'faulty' : ''].join(' ');
    const label = nameOf(id, step).slice(0, LONGEST);
    return { data: { id, label }, classes, position: { x: column * COLUMN_PX, y: depth * ROW_PX } };
  });
  const edges = Object.entries(draft.workflow).flatMap(([source, step]) =>
    waysOf(step)
      .filter(({ to }) => draft.workflow[to] !== undefined)
      .map(
        ({ by, to }): ElementDefinition => ({
          data: { id: `${source} ${by} ${to}`, source, target: to, label: WORDS[by] ?? by },
        }),
      ),
  );
  return [...nodes, ...edges];
}

function styleFor(isDark: boolean): StylesheetJson {
  const [text, ground, muted] = isDark ? ['#e9ecef', '#2e2e2e', '#909296'] : ['#212529', '#f1f3f5', '#868e96'];
  const [chosen, faulty] = isDark ? ['#4dabf7', '#ff8787'] : ['#1864ab', '#c92a2a'];
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        shape: 'round-rectangle',
        width: 180,
        height: 40,
        color: text,
        'background-color': ground,
        'border-color': muted,
        'border-width': 1,
        'font-size': 12,
        'text-valign': 'center',
        'text-wrap': 'wrap',
        'text-max-width': '170px',
      },
    },
    { selector: 'node.start, node.end', style: { shape: 'ellipse', width: 90 } },
    {
      selector: 'node.if-condition, node.while-condition, node.switch-condition',
      style: { shape: 'cut-rectangle', 'border-width': 2 },
    },
    { selector: 'node.faulty', style: { 'border-color': faulty, 'border-width': 2, 'border-style': 'dashed' } },
    { selector: 'node.chosen', style: { 'border-color': chosen, 'border-width': 4 } },
    {
      selector: 'edge',
      style: {
        label: 'data(label)',
        color: text,
        'font-size': 11,
        'text-background-color': isDark ? '#242424' : '#ffffff',
        'text-background-opacity': 0.9,
        'curve-style': 'bezier',
        'target-arrow-shape': 'triangle',
        'line-color': muted,
        'target-arrow-color': muted,
        width: 1.5,
      },
    },
  ];
}
