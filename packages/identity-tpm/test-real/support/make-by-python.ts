import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Swtpm } from './start-swtpm.js';

/** What tpm2-pytss is told to make. */
export interface PythonWish {
  readonly kind: 'ecc' | 'rsa';
  /** Empty for none. */
  readonly password: string;
  /** Handle of a persistent parent. */
  readonly parent?: string;
}

const SCRIPT = `
import sys
from tpm2_pytss import ESAPI
from tpm2_pytss.tsskey import TSSPrivKey
kind, password, parent, name = sys.argv[1:5]
options = {}
if password: options['password'] = password.encode()
if parent: options['parent'] = int(parent, 0)
with ESAPI(sys.argv[5]) as tpm:
    make = TSSPrivKey.create_rsa if kind == 'rsa' else TSSPrivKey.create_ecc
    key = make(tpm, **options)
    open(name + '.pem', 'wb').write(key.to_pem())
    open(name + '.pub', 'wb').write(key.public.to_pem())
`;

/** By the Python library of the TPM2 Software Stack: writes `NAME.pem` and `NAME.pub`. */
export async function makeByPython(tpm: Swtpm, name: string, wish: PythonWish): Promise<void> {
  writeFileSync(join(tpm.folder, 'make.py'), SCRIPT);
  const where = tpm.device.replace('unix:', 'swtpm:path=');
  // Where Debian's packages are; another Python may come first on the search path.
  await tpm.run('/usr/bin/python3', 'make.py', wish.kind, wish.password, wish.parent ?? '', name, where);
}
