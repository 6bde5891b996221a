import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cable, WITHOUT_NAMESPACES } from './cable.ts';
import { Lab, type LabOptions } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Services that have their port and no other (time, mDNS, SSDP, NetBIOS names): on a device of its own at the end of a cable.

const lab = new Lab();

describe.skipIf(WITHOUT_NAMESPACES !== '')(`services with a port of their own ${WITHOUT_NAMESPACES}`, () => {
  let cable: Cable;
  beforeAll(() => {
    cable = Cable.open();
  });
  afterAll(async () => {
    await lab.stop();
    cable.close();
  });

  /** @returns what the device says when it is asked at a port */
  async function probe(port: number, protocol: string): Promise<Probed> {
    return probeService(port, [protocol], { ip: cable.deviceIp });
  }

  async function withProgram<Result>(
    [command, parameters]: [string, string[]],
    port: number,
    work: () => Promise<Result>,
    options: LabOptions = {},
  ): Promise<Result> {
    const end = await lab.start(command, parameters, 0, options);
    await cable.listens('udp', port);
    const result = await work();
    await end();
    return result;
  }

  describe('chrony', () => {
    async function chrony(...lines: readonly string[]): Promise<Probed> {
      const folder = await lab.folder();
      const common = ['local stratum 5', 'port 123', 'cmdport 0', 'bindcmdaddress /', `pidfile ${folder}/pid`];
      const configured = await lab.folder({ 'chrony.conf': [...common, ...lines].join('\n') });
      const parameters = ['-d', '-x', '-u', 'root', '-f', join(configured, 'chrony.conf')];
      return withProgram(cable.onDevice('/usr/sbin/chronyd', ...parameters), 123, () => probe(123, 'ntp'));
    }

    it('that serves time is found', async () => {
      const probed = await chrony('allow');
      expect(probed.values('ntp.server')).toEqual(['5']);
      expect(probed.failing).toEqual([]);
    });

    it('that serves others is no time server to us', async () => {
      expect((await chrony('allow 192.0.2.0/24')).values('ntp.server')).toEqual([]);
    });
  });

  describe("Samba's name server", () => {
    async function nmbd(): Promise<Probed> {
      const folder = await lab.folder();
      const places = ['lock', 'state', 'cache', 'pid'].map((of) => `  ${of} directory = ${folder}`);
      const names = ['  netbios name = RAD-WS-07', '  workgroup = WARD', '  log level = 4'];
      const settings = ['[global]', ...names, `  private dir = ${folder}`, ...places, '  local master = no', ''];
      const configured = await lab.folder({ 'smb.conf': settings.join('\n') });
      const parameters = ['-F', '--no-process-group', '--debug-stdout', '-s', join(configured, 'smb.conf')];
      // Until then it makes sure that nobody else has its names (RFC 1002 §5.1.1.1).
      const readyWhen = new RegExp(`Added netbios name WARD<1e> .* to subnet ${cable.deviceIp}`);
      return withProgram(cable.onDevice('/usr/sbin/nmbd', ...parameters), 137, () => probe(137, 'nbns'), { readyWhen });
    }

    it('tells its NetBIOS name and group, asked once', async () => {
      const probed = await nmbd();
      expect(probed.values('nbns.name')).toEqual(['RAD-WS-07']);
      expect(probed.values('nbns.group')).toEqual(['WARD']);
      expect(probed.failing).toEqual(['no-name-poisoning']);
      expect(probed.records.filter(({ direction, kind }) => direction === 'sent' && kind === 'data')).toHaveLength(1);
    }, 30_000);

    it('that is not there says nothing', async () => {
      expect((await probe(137, 'nbns')).evidence).toEqual([]);
    });
  });

  describe('Avahi', () => {
    async function avahi(service: string): Promise<Probed> {
      const interfaces = `allow-interfaces=${cable.deviceInterface}`;
      const configured = await lab.folder({
        'avahi.conf': `[server]\nhost-name=pump-gateway\nenable-dbus=no\n${interfaces}\nuse-ipv6=no\n[publish]\n${service}\n`,
      });
      const parameters = ['--no-drop-root', '--no-chroot', '--no-rlimits', '-f', join(configured, 'avahi.conf')];
      const command = cable.onDevice('/usr/sbin/avahi-daemon', ...parameters);
      // Until then it makes sure that nobody else has its name (RFC 6762 §8.1).
      return withProgram(command, 5353, () => probe(5353, 'mdns'), { readyWhen: /Server startup complete/ });
    }

    it('that announces a workstation says so when it is asked', async () => {
      const probed = await avahi('publish-workstation=yes');
      expect(probed.values('mdns.service')).toContain('_workstation._tcp');
      expect(probed.failing).toEqual([]);
    });

    it('that announces nothing is not given a service', async () => {
      const probed = await avahi('disable-user-service-publishing=yes\npublish-workstation=no\npublish-hinfo=no');
      expect(probed.values('mdns.service')).toEqual([]);
    });
  });

  describe('a UPnP media server', () => {
    it('is found, with what it calls itself', async () => {
      const folder = await lab.folder();
      const parameters = ['-path', folder, '-noProbe', '-noTranscode', '-ifname', cable.deviceInterface];
      const probed = await withProgram(cable.onDevice('dms', ...parameters), 1900, () => probe(1900, 'ssdp'));
      expect(probed.failing).toEqual(['no-upnp']);
      expect(probed.values('ssdp.device-type')).toContain('urn:schemas-upnp-org:device:MediaServer:1');
    });

    it('that is not there is not found', async () => {
      expect((await probe(1900, 'ssdp')).failing).toEqual([]);
    });
  });
});
