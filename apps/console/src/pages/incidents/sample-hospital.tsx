import { SampleCard } from '../../components/sample-card.tsx';
import { setSampleHospital, useIncidentChange, useIncidentSummary } from './queries.ts';

/** Two weeks of an invented hospital, to see what incidents look like before there are any. */
export function SampleHospital({ mayWrite }: { mayWrite: boolean }) {
  const summary = useIncidentSummary().data;
  const sample = useIncidentChange(setSampleHospital);
  if (summary === undefined) return null;
  return (
    <SampleCard
      title="Sample hospital"
      present="The incidents of an invented hospital stand beside yours, marked as sample. Nobody is told of them, and closing them teaches nothing. Removing them takes along what was done with them, and touches nothing of yours."
      absent="Two weeks of an invented hospital with 400 beds, thirty attacks and everyday life that looks like some: see how thousands of alerts become a few incidents, and try what can be done with them."
      what="the sample hospital"
      isThere={summary.sample > 0}
      mayWrite={mayWrite}
      isPending={sample.isPending}
      error={sample.error}
      onChange={sample.mutate}
    />
  );
}
