/** What the Vite plugin makes of an import of a script. */
declare module '*.slu' {
  const script: import('../scripting/image/index.ts').ScriptModule;
  export default script;
}
