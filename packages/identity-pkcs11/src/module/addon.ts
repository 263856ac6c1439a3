/** A handle of a slot, a session or an object: a CK_ULONG in the byte order of the machine. */
export type Handle = Uint8Array;

/** An attribute in a search. */
export interface TemplateAttribute {
  readonly type: number;
  readonly value?: number | boolean | string | Uint8Array;
}

interface AddonVersion {
  readonly major: number;
  readonly minor: number;
}

interface AddonTokenInfo {
  readonly label: string;
  readonly manufacturerID: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly flags: number;
}

/** The part of a module's interface that is used, as `pkcs11js` shows it. Everything but `C_SignAsync` works at once. */
export interface AddonModule {
  load(path: string): void;
  C_Initialize(options: { readonly flags: number; readonly libraryParameters?: string }): void;
  C_Finalize(): void;
  C_GetInfo(): {
    readonly manufacturerID: string;
    readonly libraryDescription: string;
    readonly libraryVersion: AddonVersion;
  };
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetSlotInfo(slot: Handle): { readonly slotDescription: string; readonly manufacturerID: string };
  C_GetTokenInfo(slot: Handle): AddonTokenInfo;
  C_GetMechanismList(slot: Handle): number[];
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_Logout(session: Handle): void;
  C_FindObjectsInit(session: Handle, template: readonly TemplateAttribute[]): void;
  C_FindObjects(session: Handle, maximum: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly { readonly type: number }[],
  ): readonly { readonly value?: Uint8Array | undefined }[];
  C_SignInit(session: Handle, mechanism: { readonly mechanism: number }, key: Handle): void;
  C_SignAsync(session: Handle, data: Uint8Array, output: Uint8Array): Promise<Uint8Array>;
}

/** A call of a method: its name and its arguments. */
export type AddonCall<Name extends keyof AddonModule> = readonly [
  name: Name,
  ...values: Parameters<AddonModule[Name]>,
];

/** A call of any of them. */
export type AnyAddonCall = { [Name in keyof AddonModule]: AddonCall<Name> }[keyof AddonModule];

/** What a method answers. */
export type AddonAnswer<Name extends keyof AddonModule> = Awaited<ReturnType<AddonModule[Name]>>;

/** The class that `pkcs11js` exports. */
export type AddonClass = new () => AddonModule;
