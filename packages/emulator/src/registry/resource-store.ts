import { ControlPlaneError } from '../errors.js';

/** Resources of one type by ARN: the small part of a database that the registry needs. */
export interface ResourceStore<Resource> {
  readonly find: (arn: string) => Resource | undefined;
  /** @throws ControlPlaneError `ResourceNotFoundException` */
  readonly existing: (arn: string) => Resource;
  readonly list: () => readonly Resource[];
  /** Adds or replaces. */
  readonly put: (arn: string, resource: Resource) => Resource;
  /**
   * Replaces the resource by what `change` makes of it.
   *
   * @throws ControlPlaneError `ResourceNotFoundException`
   */
  readonly update: (arn: string, change: (resource: Resource) => Resource) => Resource;
  /** @throws ControlPlaneError `ResourceNotFoundException` */
  readonly delete: (arn: string) => void;
}

/** An empty store. `type` names the resource in errors, for example `Trust anchor`. */
export function createResourceStore<Resource>(type: string): ResourceStore<Resource> {
  const resources = new Map<string, Resource>();
  const existing = (arn: string): Resource => {
    const resource = resources.get(arn);
    if (resource === undefined)
      throw new ControlPlaneError('ResourceNotFoundException', `${type} ${arn} not found`);
    return resource;
  };
  const put = (arn: string, resource: Resource): Resource => {
    resources.set(arn, resource);
    return resource;
  };
  return {
    find: (arn) => resources.get(arn),
    existing,
    list: () => [...resources.values()],
    put,
    update: (arn, change) => put(arn, change(existing(arn))),
    delete: (arn) => {
      existing(arn);
      resources.delete(arn);
    },
  };
}
