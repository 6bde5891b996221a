import type { SensorBatch } from '@sphinx/wire';

/** Takes what a batch tells, as the program does: rows of telemetry, and where it is wanted anomaly detection over them. */
export interface RowTaker {
  readonly take: (batch: SensorBatch) => void;
  /** Anomalies that were told. */
  readonly told: () => number;
}

/**
 * Loads here what makes rows and looks at them: a stage without it must not have its memory.
 *
 * @param isWatched whether anomaly detection looks at the rows; without it they are made and thrown away
 */
export async function openRowTaker(source: string, isWatched: boolean): Promise<RowTaker> {
  const { createFlowRow, createRecordRow } = await import('../../services/traffic-monitoring/sensor/publish-batch.ts');
  const { Trial } = await import('../../services/anomaly-detection/testing/trial.ts');
  const about = { id: source, isSample: false };
  const trial = await Trial.open();
  return {
    take({ flows, records }) {
      const recordRows = records.map((record) => createRecordRow(record, about));
      const flowRows = flows.map((flow) => createFlowRow(flow, about));
      if (!isWatched) return;
      trial.records(recordRows);
      trial.flows(flowRows);
    },
    told: () => trial.anomalies().length,
  };
}
