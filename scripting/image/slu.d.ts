/** What TypeScript sees in `import game from './game.slu'`. */
declare module '*.slu' {
  const script: import('./script-module.ts').ScriptModule;
  export default script;
}
