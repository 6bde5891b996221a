import { createReadStream } from 'node:fs';
import { CaptureReader, createSensor, decompress } from '../../packages/wire/src/index.ts';
import { createObservationFacts } from '../traffic-monitoring/publish-batch.ts';
import { Classifier } from './classification/classify.ts';
import { loadIdentificationKnowledge } from './classification/load-knowledge.ts';
import { Networks } from './identity/networks.ts';
import { Inventory } from './inventory.ts';
import { AssetInventorySettings } from './manifest.ts';

const k = await loadIdentificationKnowledge('knowledge');
console.log('profiles', k.profiles.length);
const s = AssetInventorySettings.parse({});
for (const f of process.argv.slice(2)) {
  const inv = new Inventory({ networks: new Networks(s.ownNetworks, s.zones), classifier: new Classifier(k) });
  const sensor = createSensor({ source: 'x', isSample: false });
  const reader = new CaptureReader(sensor);
  for await (const c of decompress(createReadStream(f))) reader.push(c);
  reader.end();
  sensor.finish();
  const b = sensor.takeBatch();
  inv.observe(createObservationFacts(b.hosts, b.conversations) as never);
  for (const a of inv.list())
    console.log(
      [
        a.name,
        a.ips[0] ?? a.macs[0],
        ...Object.entries(a.facts)
          .filter(([n]) => !/clinical|Safety/.test(n))
          .map(([n, x]) => `${n}=${x?.value}(${x?.confidence})`),
      ].join(' | '),
      'svc',
      a.services.map((x) => x.protocol + x.port).join(','),
      'peers',
      a.peers.length,
      'conf',
      a.conflicts.length,
    );
}
