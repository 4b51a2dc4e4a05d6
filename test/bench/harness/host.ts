/** What the figures were measured on. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

export interface Host {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
}

const PACKAGES = ['binaryen', 'assemblyscript', 'wasmoon', 'quickjs-emscripten'];

export function describeHost(): Host {
  const processors = cpus();
  const versions: Record<string, string> = { node: process.versions.node, v8: process.versions.v8 };
  for (const name of PACKAGES) versions[name] = versionOf(name);
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    versions,
    date: new Date().toISOString(),
  };
}

function versionOf(name: string): string {
  const lock = new URL('../../../package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  return packages[`node_modules/${name}`]?.version ?? 'unknown';
}
