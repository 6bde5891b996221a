import { Box, useComputedColorScheme } from '@mantine/core';
import cytoscape, { type ElementDefinition, type StylesheetJson } from 'cytoscape';
import fcose from 'cytoscape-fcose';
import { useEffect, useRef } from 'react';
import { linesOf, type PeerGroup } from './peer-graph.ts';

cytoscape.use(fcose);

const HEIGHT_PX = 420;

/** The neighbourhood of an asset as a picture. Everything in it is also in the table beside it. */
export function PeerGraphView(props: {
  assetName: string;
  peers: readonly PeerGroup[];
  onOpen: (assetId: string) => void;
}) {
  const { assetName, peers, onOpen } = props;
  const container = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  const colorScheme = useComputedColorScheme('light');

  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const graph = cytoscape({
      container: element,
      elements: elementsOf(assetName, peers),
      style: styleFor(colorScheme),
      layout: LAYOUT,
      minZoom: 0.3,
      maxZoom: 2.5,
      // The page scrolls by the wheel; zooming is by pinch or double click.
      userZoomingEnabled: false,
    });
    graph.on('tap', 'node[assetId]', (event) => open.current(String(event.target.data('assetId'))));
    graph.on('mouseover', 'node[assetId]', () => {
      element.style.cursor = 'pointer';
    });
    graph.on('mouseout', 'node[assetId]', () => {
      element.style.cursor = 'default';
    });
    const observer = new ResizeObserver(() => graph.resize().fit(undefined, 24));
    observer.observe(element);
    return () => {
      observer.disconnect();
      graph.destroy();
    };
  }, [assetName, peers, colorScheme]);

  return (
    <Box
      ref={container}
      role="img"
      aria-label={`${assetName} and the ${peers.length} peers that it talks to. The table view holds the same in words.`}
      h={HEIGHT_PX}
    />
  );
}

/** Deterministic, so that the same neighbourhood looks the same every time. */
const LAYOUT = {
  name: 'fcose',
  quality: 'proof',
  randomize: true,
  animate: false,
  nodeSeparation: 110,
  idealEdgeLength: 130,
  padding: 24,
} as cytoscape.LayoutOptions;

function elementsOf(assetName: string, peers: readonly PeerGroup[]): ElementDefinition[] {
  const self: ElementDefinition = { data: { id: 'self', label: assetName }, classes: 'self' };
  return [
    self,
    ...peers.flatMap((peer): ElementDefinition[] => [
      {
        data: {
          id: peer.key,
          label: peer.isExternal ? `${peer.label}\n(internet)` : peer.label,
          ...(peer.assetId === undefined ? {} : { assetId: peer.assetId }),
        },
        classes: peer.isExternal ? 'external' : 'internal',
      },
      ...linesOf(peer).map((line): ElementDefinition => {
        const ends =
          line.direction === 'outgoing' ? { source: 'self', target: peer.key } : { source: peer.key, target: 'self' };
        const label = `${line.protocols.join(', ')}${line.isEncrypted ? ' 🔒' : ''}`;
        return {
          data: { id: `${peer.key}|${line.direction}`, label, ...ends },
          classes: `${line.isEncrypted ? 'encrypted' : 'clear'} ${line.isAnswered ? 'answered' : 'unanswered'}`,
        };
      }),
    ]),
  ];
}

function styleFor(colorScheme: 'light' | 'dark'): StylesheetJson {
  const isDark = colorScheme === 'dark';
  const text = isDark ? '#e9ecef' : '#212529';
  const muted = isDark ? '#868e96' : '#868e96';
  const ground = isDark ? '#242424' : '#ffffff';
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        color: text,
        'font-size': 11,
        'text-wrap': 'wrap',
        'text-valign': 'bottom',
        'text-margin-y': 5,
        'text-background-color': ground,
        'text-background-opacity': 0.8,
        width: 20,
        height: 20,
        'background-color': isDark ? '#4dabf7' : '#1c7ed6',
      },
    },
    { selector: 'node.self', style: { width: 34, height: 34, 'font-size': 13, 'font-weight': 'bold' } },
    {
      selector: 'node.external',
      style: { shape: 'diamond', 'background-color': isDark ? '#ff922b' : '#d9480f', width: 24, height: 24 },
    },
    {
      selector: 'edge',
      style: {
        label: 'data(label)',
        color: text,
        'font-size': 10,
        'text-rotation': 'autorotate',
        'text-background-color': ground,
        'text-background-opacity': 0.9,
        'text-background-padding': '2px',
        'curve-style': 'bezier',
        'target-arrow-shape': 'triangle',
        'line-color': muted,
        'target-arrow-color': muted,
        width: 1.5,
      },
    },
    { selector: 'edge.clear', style: { 'line-style': 'dashed' } },
    { selector: 'edge.unanswered', style: { 'line-style': 'dotted', opacity: 0.6 } },
  ];
}
