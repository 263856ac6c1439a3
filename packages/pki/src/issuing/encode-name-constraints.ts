import { Extension, GeneralSubtree, NameConstraints } from 'pkijs';
import { EXTENSION_OID } from '../certificate/extension-oids.js';
import { encodeGeneralName } from '../names/encode-general-name.js';
import type { GeneralNameInit } from '../names/general-name-init.js';
import type { NameConstraintsInit } from './certificate-options.js';

/** @see RFC 5280 §4.2.1.10 */
export function encodeNameConstraints({ permitted, excluded, critical }: NameConstraintsInit): Extension {
  const value = new NameConstraints({
    ...(permitted && { permittedSubtrees: permitted.map(encodeSubtree) }),
    ...(excluded && { excludedSubtrees: excluded.map(encodeSubtree) }),
  });
  return new Extension({
    extnID: EXTENSION_OID.nameConstraints,
    critical: critical ?? true,
    extnValue: value.toSchema().toBER(),
  });
}

function encodeSubtree(base: GeneralNameInit): GeneralSubtree {
  return new GeneralSubtree({ base: encodeGeneralName(base) });
}
