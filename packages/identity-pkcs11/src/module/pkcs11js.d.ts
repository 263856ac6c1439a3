/** As little of the optional add-on as is needed, so that this package compiles where the add-on could not be built. */
declare module 'pkcs11js' {
  const addon: { readonly PKCS11: unknown };
  export default addon;
}
