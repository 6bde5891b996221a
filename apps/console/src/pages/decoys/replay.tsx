import { Box, Button, Group, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { type Frame, readReplay } from './queries.ts';

/** Nobody wants to watch somebody think. */
const LONGEST_PAUSE_MS = 1000;
const SPEED = 2;
const SHOWN_CHARACTERS = 20_000;
/** Colours and movements of the cursor (ECMA-48 §5.4), which a page does not show. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}(\\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-B]|.)`, 'gu');

/** The terminal of a visit once more, as text. */
export function Replay({ id }: { id: string }) {
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  const [shown, setShown] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const box = useRef<HTMLDivElement>(null);
  const next = frames[shown];
  useEffect(() => {
    if (next === undefined) return;
    const before = frames[shown - 1]?.[0] ?? next[0];
    const pause = Math.min(((next[0] - before) * 1000) / SPEED, LONGEST_PAUSE_MS);
    const timer = setTimeout(() => setShown(shown + 1), pause);
    box.current?.scrollTo({ top: box.current.scrollHeight });
    return () => clearTimeout(timer);
  }, [frames, shown, next]);
  const play = async () => {
    setError(null);
    setShown(0);
    try {
      setFrames(await readReplay(id));
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <section>
      <Group justify="space-between" mb={4}>
        <Title order={3} size="h5">
          Its terminal
        </Title>
        <Group gap="xs">
          <Button size="compact-sm" onClick={play}>
            Play
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            component="a"
            href={`/api/v1/decoy-sessions/${encodeURIComponent(id)}/replay`}
            download={`${id}.cast`}
          >
            asciicast file
          </Button>
        </Group>
      </Group>
      <ErrorText error={error} />
      {frames.length > 0 && (
        <Box
          ref={box}
          mah={320}
          p="xs"
          bg="dark.8"
          c="gray.1"
          tabIndex={0}
          role="log"
          aria-label="Terminal of the visit"
          style={{ overflow: 'auto' }}
        >
          <pre style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{textOf(frames.slice(0, shown))}</pre>
        </Box>
      )}
    </section>
  );
}

function textOf(frames: readonly Frame[]): string {
  let text = '';
  for (const [, kind, piece] of frames) {
    if (kind !== 'o') continue;
    for (const character of piece.replace(ESCAPES, '').replaceAll('\r\n', '\n')) {
      if (character === '\b') text = text.slice(0, -1);
      else text += character;
    }
  }
  return text.replaceAll('\r', '').slice(-SHOWN_CHARACTERS);
}
