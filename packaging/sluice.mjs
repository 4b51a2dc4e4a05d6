#!/usr/bin/env node
// The command `sluice` of an installed package.
import './scripting/tools/short-run.mjs';
import { start } from './scripting/tools/start.mjs';

await start(await import('./scripting/tools/command-line.js'));
