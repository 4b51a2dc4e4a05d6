/** What the plugins set that a project would otherwise have to know, and the headers that pages come with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createServer, type InlineConfig, preview, resolveConfig } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { CONTENT_POLICY, sluice } from '../../../scripting/tools/index.ts';
import { serve } from '../../../scripting/tools/vite.ts';

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'sluice-settings-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
  return root;
}

it('a Worker may hold the compiler, one PixiJS is in a page, and our files are found by their own address', async () => {
  const { worker, resolve, optimizeDeps, build } = await resolveConfig(
    { root: folder(), configFile: false, logLevel: 'silent', plugins: [sluice()] },
    'serve',
  );
  expect(worker.format).toBe('es');
  expect(resolve.dedupe).toContain('pixi.js');
  expect(optimizeDeps.exclude).toContain('sluice');
  expect(optimizeDeps.include).toContain('pixi.js');
  expect(build.license).toEqual({ fileName: 'licenses.md' });
});

it('what a project sets itself stays', async () => {
  const { worker, resolve, build } = await resolveConfig(
    {
      root: folder(),
      configFile: false,
      logLevel: 'silent',
      plugins: [sluice()],
      resolve: { dedupe: ['other'] },
      build: { assetsInlineLimit: 100 },
    },
    'build',
  );
  expect(worker.format).toBe('es');
  expect(resolve.dedupe).toEqual(expect.arrayContaining(['other', 'pixi.js']));
  expect(build.assetsInlineLimit).toBe(100);
});

it.each([true, false])('pages are cross-origin isolated where that is asked for: %s', async (isolated) => {
  const root = folder();
  const options = {
    root,
    configFile: false as const,
    logLevel: 'silent' as const,
    plugins: [serve({ isolated })],
  } satisfies InlineConfig;
  const expected = isolated ? ['same-origin', 'require-corp'] : [null, null];
  const headersOf = async (address: AddressInfo | string | null | undefined) => {
    const { port } = address as AddressInfo;
    const { headers } = await fetch(`http://localhost:${port}/index.html`);
    return {
      isolation: ['cross-origin-opener-policy', 'cross-origin-embedder-policy'].map((name) =>
        headers.get(name),
      ),
      policy: headers.get('content-security-policy'),
    };
  };
  const server = await createServer({ ...options, server: { port: 0, ws: false } });
  await server.listen();
  // Vite's own client needs more than the policy of built pages allows.
  expect(await headersOf(server.httpServer?.address())).toEqual({ isolation: expected, policy: null });
  await server.close();
  await build(options);
  const built = await preview({ ...options, preview: { port: 0 } });
  expect(await headersOf(built.httpServer.address())).toEqual({
    isolation: expected,
    policy: CONTENT_POLICY,
  });
  await built.close();
});
