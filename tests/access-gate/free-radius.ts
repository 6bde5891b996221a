import { join } from 'node:path';
import type { Lab } from '../probing/lab.ts';

/**
 * FreeRADIUS that checks the password of `technician` inside EAP-TTLS, on loopback.
 *
 * @param secret that it shares with whoever asks
 */
export async function startFreeRadius(
  lab: Lab,
  options: { port: number; secret: string; pair: { key: string; certificate: string }; authority: string },
): Promise<void> {
  const { port, secret, pair, authority } = options;
  const folder = await lab.folder({ users: 'technician Cleartext-Password := "not-a-default"\n' });
  const settings = `
    prefix = /usr
    libdir = /usr/lib/freeradius
    logdir = ${folder}
    run_dir = ${folder}
    raddbdir = ${folder}
    pidfile = ${folder}/pid
    security { allow_vulnerable_openssl = yes }
    client gate { ipaddr = 127.0.0.1
      secret = "${secret}"
      require_message_authenticator = yes }
    modules {
      files { usersfile = ${folder}/users }
      pap { }
      eap {
        default_eap_type = ttls
        tls-config tls { private_key_file = ${pair.key}
          certificate_file = ${pair.certificate}
          ca_file = ${authority}
          tls_max_version = "1.2" }
        ttls { tls = tls
          virtual_server = inner }
      }
    }
    server default {
      listen { type = auth
        ipaddr = 127.0.0.1
        port = ${port} }
      authorize {
        eap {
          ok = return
        }
      }
      authenticate {
        eap
      }
    }
    server inner {
      authorize {
        files
        pap
      }
      authenticate {
        pap
      }
    }
    thread pool { start_servers = 1
      max_servers = 2
      min_spare_servers = 1
      max_spare_servers = 1 }
  `;
  const configured = await lab.folder({ 'radiusd.conf': settings });
  await lab.start('/usr/sbin/freeradius', ['-f', '-l', 'stdout', '-d', configured, '-n', 'radiusd'], 0, {
    folder: join(configured),
    readyWhen: /Ready to process requests/,
  });
}
