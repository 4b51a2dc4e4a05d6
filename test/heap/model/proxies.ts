/** Proxies, which stand for objects of the host: it hears of the death of each, once. */
import { GRANULE_SIZE, PROXY_GENERATION, REFERENCE_SUBJECT } from '../../../scripting/heap/index.ts';
import { call, equal } from './expect.ts';
import type { Model } from './model.ts';
import type { Thing } from './things.ts';

export function makeProxy(model: Model, local: number): void {
  const { target, regions, roots, proxies } = model;
  call(target, () => {
    const mark = model.newMark();
    const address = target.heap.newProxy(mark, mark + 1) >>> 0;
    const proxy: Thing = {
      shape: 'proxy',
      address,
      region: regions.heap,
      mark,
      links: [],
      bytes: GRANULE_SIZE,
    };
    proxies.set(mark, proxy);
    roots.setLocal(local, proxy);
  });
}

/** Hears of all that have died. Returns how many. */
export function takeProxies(model: Model): number {
  const { target, proxies } = model;
  const kept = model.kept();
  for (let count = 0; ; count++) {
    const address = target.heap.takeDeadProxy() >>> 0;
    if (address === 0) return count;
    const index = target.load(address + REFERENCE_SUBJECT);
    const proxy = proxies.get(index);
    if (proxy === undefined) throw new Error(`the proxy ${index} died twice or was never made`);
    equal('generation of a dead proxy', target.load(address + PROXY_GENERATION), index + 1);
    if (kept.has(proxy)) throw new Error('a living proxy is given back');
    proxies.delete(index);
  }
}
