/** What a cluster of one monitor, one store in memory and one gateway is told. */
export interface CephSettings {
  readonly folder: string;
  readonly clusterId: string;
  readonly monitorPort: number;
  readonly gatewayPort: number;
  /** 16 characters; the gateway encrypts its session tokens with it. */
  readonly tokenKey: string;
}

/**
 * The text of `ceph.conf`. A fresh monitor answers some first commands with "wrong fsid"; the store would die of that
 * at its start, so it is told not to write its own place into the map ("on start = false").
 */
export function cephConfig(settings: CephSettings): string {
  const { folder, clusterId, monitorPort, gatewayPort, tokenKey } = settings;
  return `
[global]
fsid = ${clusterId}
run dir = ${folder}/out
admin socket = ${folder}/out/$cluster-$name.asok
pid file = ${folder}/out/$name.pid
log file = ${folder}/out/$name.log
crash dir = ${folder}/out
keyring = ${folder}/keyring
mon host = [v1:127.0.0.1:${monitorPort}]
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd class update on start = false
osd crush update on start = false
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw s3 auth use sts = true
rgw sts key = ${tokenKey}
`;
}
