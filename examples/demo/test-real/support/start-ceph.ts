import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cephConfig } from './ceph-config.js';
import { createCephRole, type CephRole } from './create-ceph-role.js';
import { createDaemons } from './daemons.js';
import { freePort } from './free-port.js';
import { succeed, until, type YoungCluster } from './young-cluster.js';

const MILLISECONDS_TO_START = 90_000;
/** Another program may take a port between our choosing it and Ceph's listening on it. */
const MAXIMUM_STARTS = 3;
const LOG_LINES = 15;

/** A cluster with a gateway that speaks S3 and STS, a user, and a role that the user may assume. */
export interface Ceph extends CephRole {
  /** S3 and STS. */
  readonly url: string;
  /** Ends its processes and removes its folder. */
  stop(): Promise<void>;
}

/** Starts Ceph on free ports of loopback. A start in which a program dies is begun anew, within 90 s in all. */
export async function startCeph(): Promise<Ceph> {
  const deadline = Date.now() + MILLISECONDS_TO_START;
  for (let count = 1; ; count++) {
    const folder = mkdtempSync(join(tmpdir(), 'real-ceph-'));
    const env = { CEPH_CONF: join(folder, 'ceph.conf') };
    const start = { folder, env, deadline, daemons: createDaemons(folder, env) };
    const stop = async (): Promise<void> => {
      await start.daemons.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      return { ...(await startOnce(start)), stop };
    } catch (cause) {
      const logs = tailOfLogs(folder);
      const isWorthAnother = start.daemons.ended().length > 0 && count < MAXIMUM_STARTS;
      await stop();
      if (!isWorthAnother || Date.now() > deadline) {
        throw new Error(`Ceph did not start (start ${count}): ${String(cause)}\n${logs}`, { cause });
      }
    }
  }
}

async function startOnce(start: YoungCluster): Promise<Omit<Ceph, 'stop'>> {
  const { folder, env, daemons } = start;
  const [monitorPort, gatewayPort] = await Promise.all([freePort(), freePort()]);
  const clusterId = randomUUID();
  const tokenKey = randomBytes(8).toString('hex');
  for (const name of ['mon', 'osd', 'out']) mkdirSync(join(folder, name));
  writeFileSync(
    env['CEPH_CONF'] ?? '',
    cephConfig({ folder, clusterId, monitorPort, gatewayPort, tokenKey }),
  );

  const [keyring, map] = [join(folder, 'keyring'), join(folder, 'monmap')];
  const monitor = `[v1:127.0.0.1:${monitorPort}]`;
  await succeed(start, `ceph-authtool --create-keyring ${keyring} --gen-key -n mon.`);
  await succeed(start, `monmaptool --create --fsid ${clusterId} --addv a ${monitor} ${map}`);
  await succeed(start, `ceph-mon -i a --mkfs --monmap ${map} --keyring ${keyring}`);
  daemons.start('mon', ['ceph-mon', '-i', 'a', '-f']);

  const storeId = randomUUID();
  await succeed(start, `ceph osd new ${storeId}`);
  await succeed(start, `ceph-osd -i 0 --mkfs --osd-uuid ${storeId}`);
  await succeed(start, 'ceph osd crush add osd.0 1 host=localhost root=default');
  daemons.start('osd', ['ceph-osd', '-i', '0', '-f']);
  daemons.start('radosgw', ['radosgw', '-n', 'client.rgw', '-f']);

  const url = `http://127.0.0.1:${gatewayPort}`;
  await until(start, `GET ${url}/`, async () => {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return status === 200 ? undefined : `status ${status}`;
  });
  return { url, ...(await createCephRole(start)) };
}

function tailOfLogs(folder: string): string {
  const names = [folder, join(folder, 'out')].flatMap((place) =>
    readdirSync(place)
      .filter((name) => /\.(log|out)$/.test(name))
      .map((name) => join(place, name)),
  );
  return names
    .map((name) => `${name}:\n${readFileSync(name, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n')}`)
    .join('\n\n');
}
