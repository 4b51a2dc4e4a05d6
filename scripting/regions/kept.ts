/**
 * What a function makes and itself stores into something older: into what it was given, what a global leads to, or the
 * frame. Such things are to be made beside what they are stored in, and so is what they reach.
 */
import type { Call, Expression } from '../ir/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import type { FunctionAnalysis } from './analysis.ts';
import type { CopySite } from './copies.ts';
import type { Instance } from './translation.ts';

/** The places in a function that make such things. */
interface KeptSites {
  /** Allocations, and calls whose own result is the thing. */
  readonly made: ReadonlySet<Expression | Call>;
  /** Calls of functions that themselves store what they make into something older. */
  readonly passed: ReadonlySet<Call>;
}

const isOlder = ({ region }: AbstractObject): boolean => ['heap', 'frame', 'given'].includes(region.kind);
const isOwn = ({ region }: AbstractObject): boolean => region.kind === 'base';

/** What it stores them in. */
export function keepers({ graph }: FunctionAnalysis): readonly AbstractObject[] {
  return graph.objects.filter((object) => isOlder(object) && [...object.leadsTo].some(isOwn));
}

/** The objects themselves, all of the region that is the caller's to choose. */
export function keptObjects(analysis: FunctionAnalysis): ReadonlySet<AbstractObject> {
  const stored = keepers(analysis).flatMap(({ leadsTo }) => [...leadsTo].filter(isOwn));
  return new Set([...analysis.graph.reachable(stored)].filter(isOwn));
}

/** Finds the places; `keptBy` returns what a callee keeps. */
export function keptSites(
  analysis: FunctionAnalysis,
  keptBy: (callee: FunctionAnalysis) => ReadonlySet<AbstractObject>,
): KeptSites {
  const made = new Set<Expression | Call>();
  const passed = new Set<Call>();
  for (const { site, type } of keptObjects(analysis)) {
    if (site === undefined) continue;
    if ('callee' in site) {
      const { callee, site: at } = site as Instance;
      const takesRegion = isDirect(site as Instance) && callee.func.regionParameter === undefined;
      if (takesRegion && hasType(keptBy(callee), type)) passed.add(at.call);
      // What comes out of the call, or stays in what does, is made wherever allocation goes during the call.
      if (hasType(given(callee), type) || !isDirect(site as Instance)) made.add(at.call);
    } else if ('copying' in site) {
      for (const call of (site as CopySite).copying.calls) made.add(call);
    } else if ('call' in site) made.add((site as { readonly call: Call }).call);
    else made.add(site as Expression | Call);
  }
  return { made, passed };
}

/** Whether the callee is what the text of the call names, rather than a function value that the call may lead to. */
export function isDirect({ site, callee }: Instance): boolean {
  return site.call.to === 'function' && site.call.key === callee.func.key;
}

function given({ results, graph }: FunctionAnalysis): ReadonlySet<AbstractObject> {
  return graph.reachable(results.flatMap((result) => [...result.keys()]));
}

function hasType(objects: ReadonlySet<AbstractObject>, type: number | undefined): boolean {
  return [...objects].some((object) => object.type === type && object.region.kind === 'base');
}
