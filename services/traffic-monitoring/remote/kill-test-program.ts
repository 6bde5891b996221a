import { startRemoteSensor } from './remote-sensor.ts';

// A remote sensor in a process of its own, for the test that kills it: folder of the sensor, then what to read.

const [folder = '', ...paths] = process.argv.slice(2);
const sensor = await startRemoteSensor({
  folder,
  interfaces: [],
  paths,
  maximumSpoolBytes: 100_000_000,
  version: 'killed',
  packetsPerBatch: 1000,
  onState: () => undefined,
  onSource: () => undefined,
});
await sensor.finished;
await sensor.stop();
process.exit();
