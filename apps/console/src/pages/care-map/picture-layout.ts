import type { CareNode, Layer } from './queries.ts';

export const BOX = { width: 178, height: 28 } as const;
const COLUMN = 230;
const ROW = 36;
const HEAD = 24;
const ORDER: readonly Layer[] = ['care', 'device', 'application', 'network'];

export interface PlacedNode extends CareNode {
  readonly x: number;
  readonly y: number;
}

/** Columns from the patient to the network; layers without nodes take no room. */
export function arrange(nodes: readonly CareNode[]): {
  readonly nodes: readonly PlacedNode[];
  readonly titles: readonly { readonly layer: Layer; readonly x: number }[];
  readonly width: number;
  readonly height: number;
} {
  const layers = ORDER.filter((layer) => nodes.some((node) => node.layer === layer));
  const placed = layers.flatMap((layer, column) =>
    nodes
      .filter((node) => node.layer === layer)
      .map((node, row) => ({ ...node, x: column * COLUMN, y: HEAD + row * ROW })),
  );
  const most = Math.max(0, ...layers.map((layer) => nodes.filter((node) => node.layer === layer).length));
  return {
    nodes: placed,
    titles: layers.map((layer, column) => ({ layer, x: column * COLUMN })),
    width: Math.max(0, layers.length - 1) * COLUMN + BOX.width + 30,
    height: HEAD + most * ROW,
  };
}
