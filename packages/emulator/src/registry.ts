import { ControlPlaneError } from './errors.js';
import { createCrl, type CrlInit, type ImportedCrl } from './registry/crls.js';
import { createProfile, type Profile, type ProfileInit } from './registry/profiles.js';
import type { RegistryContext } from './registry/resource-rules.js';
import { createResourceStore, type ResourceStore } from './registry/resource-store.js';
import { createRole, type Role, type RoleInit } from './registry/roles.js';
import { createSubjects, type Subject, type Subjects } from './registry/subjects.js';
import { createTrustAnchor, type TrustAnchor, type TrustAnchorInit } from './registry/trust-anchors.js';

/**
 * The emulator's control plane: functions that a test calls instead of the AWS console. Each throws `ControlPlaneError`:
 * `ValidationException` for input that the service would refuse, `ResourceNotFoundException` for an unknown ARN.
 */
export interface ControlPlane {
  createTrustAnchor(init: TrustAnchorInit): TrustAnchor;
  enableTrustAnchor(trustAnchorArn: string): TrustAnchor;
  disableTrustAnchor(trustAnchorArn: string): TrustAnchor;
  /** Takes its CRLs with it. */
  deleteTrustAnchor(trustAnchorArn: string): void;
  createProfile(init: ProfileInit): Profile;
  enableProfile(profileArn: string): Profile;
  disableProfile(profileArn: string): Profile;
  deleteProfile(profileArn: string): void;
  createRole(init: RoleInit): Role;
  deleteRole(roleArn: string): void;
  /** At most two for each trust anchor. */
  importCrl(init: CrlInit): ImportedCrl;
  enableCrl(crlArn: string): ImportedCrl;
  disableCrl(crlArn: string): ImportedCrl;
  deleteCrl(crlArn: string): void;
  /** Subjects of certificates that got a session. */
  listSubjects(): readonly Subject[];
}

/** The control plane, and what the CreateSession handler looks up in it. */
export interface Registry {
  readonly controlPlane: ControlPlane;
  readonly findTrustAnchor: (trustAnchorArn: string) => TrustAnchor | undefined;
  readonly findProfile: (profileArn: string) => Profile | undefined;
  readonly findRole: (roleArn: string) => Role | undefined;
  /** Enabled CRLs of an anchor. */
  readonly enabledCrls: (trustAnchorArn: string) => readonly ImportedCrl[];
  readonly seeSubject: Subjects['see'];
}

/** An empty registry. */
export function createRegistry(context: RegistryContext): Registry {
  const anchors = createResourceStore<TrustAnchor>('Trust anchor');
  const profiles = createResourceStore<Profile>('Profile');
  const roles = createResourceStore<Role>('Role');
  const crls = createResourceStore<ImportedCrl>('CRL');
  const subjects = createSubjects(context);
  return {
    controlPlane: {
      ...controlTrustAnchors({ anchors, crls }, context),
      ...controlProfiles(profiles, context),
      createRole: (init) => {
        const role = createRole(init, context);
        return roles.put(role.roleArn, role);
      },
      deleteRole: roles.delete,
      ...controlCrls({ anchors, crls }, context),
      listSubjects: subjects.list,
    },
    findTrustAnchor: anchors.find,
    findProfile: profiles.find,
    findRole: roles.find,
    enabledCrls: (arn) => crlsOf(arn, crls).filter((crl) => crl.enabled),
    seeSubject: subjects.see,
  };
}

interface AnchorStores {
  readonly anchors: ResourceStore<TrustAnchor>;
  readonly crls: ResourceStore<ImportedCrl>;
}

function controlTrustAnchors({ anchors, crls }: AnchorStores, context: RegistryContext) {
  return {
    createTrustAnchor: (init: TrustAnchorInit) => {
      const anchor = createTrustAnchor(init, context);
      return anchors.put(anchor.trustAnchorArn, anchor);
    },
    enableTrustAnchor: (arn: string) => anchors.update(arn, enabled),
    disableTrustAnchor: (arn: string) => anchors.update(arn, disabled),
    deleteTrustAnchor: (arn: string) => {
      anchors.delete(arn);
      for (const { crlArn } of crlsOf(arn, crls)) crls.delete(crlArn);
    },
  };
}

function controlProfiles(profiles: ResourceStore<Profile>, context: RegistryContext) {
  return {
    createProfile: (init: ProfileInit) => {
      const profile = createProfile(init, context);
      return profiles.put(profile.profileArn, profile);
    },
    enableProfile: (arn: string) => profiles.update(arn, enabled),
    disableProfile: (arn: string) => profiles.update(arn, disabled),
    deleteProfile: profiles.delete,
  };
}

function controlCrls({ anchors, crls }: AnchorStores, context: RegistryContext) {
  return {
    importCrl: (init: CrlInit) => {
      const anchor = anchors.existing(init.trustAnchorArn);
      if (crlsOf(anchor.trustAnchorArn, crls).length >= 2) {
        throw new ControlPlaneError(
          'ValidationException',
          `Trust anchor ${anchor.trustAnchorArn} has two CRLs already`,
        );
      }
      const crl = createCrl(init, anchor, context);
      return crls.put(crl.crlArn, crl);
    },
    enableCrl: (arn: string) => crls.update(arn, enabled),
    disableCrl: (arn: string) => crls.update(arn, disabled),
    deleteCrl: crls.delete,
  };
}

function crlsOf(trustAnchorArn: string, crls: ResourceStore<ImportedCrl>): readonly ImportedCrl[] {
  return crls.list().filter((crl) => crl.trustAnchorArn === trustAnchorArn);
}

function enabled<Resource extends { readonly enabled: boolean }>(resource: Resource): Resource {
  return { ...resource, enabled: true };
}

function disabled<Resource extends { readonly enabled: boolean }>(resource: Resource): Resource {
  return { ...resource, enabled: false };
}
