/** The commands, in the order of the help. */
export const commands = [
  {
    name: 'credential-process',
    summary: 'Print temporary AWS credentials in the form that credential_process expects',
  },
  { name: 'version', summary: 'Print the version' },
  { name: 'help', summary: 'Print this help, or that of one command' },
] as const;

/** The name of a command. */
export type CommandName = (typeof commands)[number]['name'];
