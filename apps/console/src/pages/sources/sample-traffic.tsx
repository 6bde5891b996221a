import { SampleCard } from '../../components/sample-card.tsx';
import { type Source, useSampleTraffic } from './queries.ts';

/** An invented hospital to look around in. */
export function SampleTraffic({ sources, mayWrite }: { sources: readonly Source[]; mayWrite: boolean }) {
  const sample = useSampleTraffic();
  return (
    <SampleCard
      title="Sample traffic"
      present="The traffic of an invented hospital is loaded. Everything that comes from it is marked as sample; removing it takes all of that away and touches nothing of yours."
      absent="Ten minutes of an invented hospital with some deliberate faults. Everything that comes from it is marked as sample and goes away in one click."
      what="sample traffic"
      isThere={sources.some(({ isSample }) => isSample)}
      mayWrite={mayWrite}
      isPending={sample.isPending}
      error={sample.error}
      onChange={sample.mutate}
    />
  );
}
