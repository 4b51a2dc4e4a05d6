// An incremental solver of one-way constraints: a chain of equalities, and a projection of points.
import { Vector } from './core.js';

class Strength {
  constructor(level) {
    this.level = level;
  }

  isStrongerThan(other) {
    return this.level < other.level;
  }

  isWeakerThan(other) {
    return this.level > other.level;
  }

  weakest(other) {
    return other.isWeakerThan(this) ? other : this;
  }
}

const REQUIRED = new Strength(-800);
const PREFERRED = new Strength(-400);
const STRONG_DEFAULT = new Strength(-200);
const DEFAULT = new Strength(0);
const ABSOLUTE_WEAKEST = new Strength(10000);

class Variable {
  constructor(value) {
    this.value = value;
    this.constraints = new Vector(2);
    this.determinedBy = null;
    this.walkStrength = ABSOLUTE_WEAKEST;
    this.stay = true;
    this.mark = 0;
  }

  addConstraint(constraint) {
    this.constraints.append(constraint);
  }

  removeConstraint(constraint) {
    this.constraints.remove(constraint);
    if (this.determinedBy === constraint) this.determinedBy = null;
  }
}

class Constraint {
  constructor(strength) {
    this.strength = strength;
  }

  /** Whether what determines its output lies outside of the constraints. */
  isInput() {
    return false;
  }

  add(planner) {
    this.addToGraph();
    planner.incrementalAdd(this);
  }

  destroy(planner) {
    if (this.isSatisfied()) planner.incrementalRemove(this);
    this.removeFromGraph();
  }

  inputsKnown(mark) {
    return !this.inputsHaveOne((v) => !(v.mark === mark || v.stay || v.determinedBy === null));
  }

  /** Finds a way to enforce this constraint; returns the one that it overrides, or null. */
  satisfy(mark, planner) {
    this.chooseMethod(mark);
    if (!this.isSatisfied()) {
      if (this.strength === REQUIRED) throw new Error('a required constraint cannot be satisfied');
      return null;
    }
    this.inputsDo((v) => {
      v.mark = mark;
    });
    const out = this.output();
    const overridden = out.determinedBy;
    if (overridden !== null) overridden.markUnsatisfied();
    out.determinedBy = this;
    if (!planner.addPropagate(this, mark)) throw new Error('the constraints form a cycle');
    out.mark = mark;
    return overridden;
  }
}

class UnaryConstraint extends Constraint {
  constructor(variable, strength, planner) {
    super(strength);
    this.variable = variable;
    this.satisfied = false;
    this.add(planner);
  }

  isSatisfied() {
    return this.satisfied;
  }

  markUnsatisfied() {
    this.satisfied = false;
  }

  addToGraph() {
    this.variable.addConstraint(this);
    this.satisfied = false;
  }

  removeFromGraph() {
    this.variable.removeConstraint(this);
    this.satisfied = false;
  }

  chooseMethod(mark) {
    const { variable } = this;
    this.satisfied = variable.mark !== mark && this.strength.isStrongerThan(variable.walkStrength);
  }

  inputsDo(_visit) {}

  inputsHaveOne(_holds) {
    return false;
  }

  output() {
    return this.variable;
  }

  recalculate() {
    this.variable.walkStrength = this.strength;
    this.variable.stay = !this.isInput();
    if (this.variable.stay) this.execute();
  }

  execute() {}
}

class StayConstraint extends UnaryConstraint {}

class EditConstraint extends UnaryConstraint {
  isInput() {
    return true;
  }
}

const FORWARD = 1;
const BACKWARD = 2;
const UNSATISFIED = 0;

class BinaryConstraint extends Constraint {
  constructor(v1, v2, strength) {
    super(strength);
    this.v1 = v1;
    this.v2 = v2;
    this.direction = UNSATISFIED;
  }

  isSatisfied() {
    return this.direction !== UNSATISFIED;
  }

  markUnsatisfied() {
    this.direction = UNSATISFIED;
  }

  addToGraph() {
    this.v1.addConstraint(this);
    this.v2.addConstraint(this);
    this.direction = UNSATISFIED;
  }

  removeFromGraph() {
    this.v1.removeConstraint(this);
    this.v2.removeConstraint(this);
    this.direction = UNSATISFIED;
  }

  chooseMethod(mark) {
    const { v1, v2, strength } = this;
    const mayBeForward = strength.isStrongerThan(v2.walkStrength) ? FORWARD : UNSATISFIED;
    const mayBeBackward = strength.isStrongerThan(v1.walkStrength) ? BACKWARD : UNSATISFIED;
    if (v1.mark === mark) this.direction = v2.mark === mark ? UNSATISFIED : mayBeForward;
    else if (v2.mark === mark) this.direction = mayBeBackward;
    else this.direction = v1.walkStrength.isWeakerThan(v2.walkStrength) ? mayBeBackward : mayBeForward;
  }

  inputsDo(visit) {
    visit(this.input());
  }

  inputsHaveOne(holds) {
    return holds(this.input());
  }

  input() {
    return this.direction === FORWARD ? this.v1 : this.v2;
  }

  output() {
    return this.direction === FORWARD ? this.v2 : this.v1;
  }

  recalculate() {
    const input = this.input();
    const out = this.output();
    out.walkStrength = this.strength.weakest(input.walkStrength);
    out.stay = input.stay;
    if (out.stay) this.execute();
  }
}

class EqualityConstraint extends BinaryConstraint {
  constructor(v1, v2, strength, planner) {
    super(v1, v2, strength);
    this.add(planner);
  }

  execute() {
    this.output().value = this.input().value;
  }
}

/** v2 = v1 * scale + offset. */
class ScaleConstraint extends BinaryConstraint {
  constructor(v1, scale, offset, v2, strength, planner) {
    super(v1, v2, strength);
    this.scale = scale;
    this.offset = offset;
    this.add(planner);
  }

  addToGraph() {
    super.addToGraph();
    this.scale.addConstraint(this);
    this.offset.addConstraint(this);
  }

  removeFromGraph() {
    super.removeFromGraph();
    this.scale.removeConstraint(this);
    this.offset.removeConstraint(this);
  }

  inputsDo(visit) {
    visit(this.input());
    visit(this.scale);
    visit(this.offset);
  }

  inputsHaveOne(holds) {
    return holds(this.input()) || holds(this.scale) || holds(this.offset);
  }

  execute() {
    const { v1, v2, scale, offset } = this;
    if (this.direction === FORWARD) v2.value = v1.value * scale.value + offset.value;
    else v1.value = Math.trunc((v2.value - offset.value) / scale.value);
  }

  recalculate() {
    const input = this.input();
    const out = this.output();
    out.walkStrength = this.strength.weakest(input.walkStrength);
    out.stay = input.stay && this.scale.stay && this.offset.stay;
    if (out.stay) this.execute();
  }
}

/** Constraints in the order in which they have to be executed. */
class Plan extends Vector {
  execute() {
    this.forEach((c) => {
      c.execute();
    });
  }
}

class Planner {
  constructor() {
    this.currentMark = 1;
  }

  newMark() {
    this.currentMark += 1;
    return this.currentMark;
  }

  incrementalAdd(constraint) {
    const mark = this.newMark();
    let overridden = constraint.satisfy(mark, this);
    while (overridden !== null) overridden = overridden.satisfy(mark, this);
  }

  incrementalRemove(constraint) {
    const out = constraint.output();
    constraint.markUnsatisfied();
    constraint.removeFromGraph();
    this.removePropagateFrom(out).forEach((c) => {
      this.incrementalAdd(c);
    });
  }

  extractPlan(constraints) {
    const sources = new Vector();
    constraints.forEach((c) => {
      if (c.isInput() && c.isSatisfied()) sources.append(c);
    });
    return this.makePlan(sources);
  }

  makePlan(todo) {
    const mark = this.newMark();
    const plan = new Plan();
    while (!todo.isEmpty()) {
      const c = todo.removeFirst();
      if (c.output().mark !== mark && c.inputsKnown(mark)) {
        plan.append(c);
        c.output().mark = mark;
        this.addConstraintsConsuming(c.output(), todo);
      }
    }
    return plan;
  }

  /** False where the constraint would determine what it depends on. */
  addPropagate(constraint, mark) {
    const todo = Vector.with(constraint);
    while (!todo.isEmpty()) {
      const c = todo.removeFirst();
      if (c.output().mark === mark) {
        this.incrementalRemove(constraint);
        return false;
      }
      c.recalculate();
      this.addConstraintsConsuming(c.output(), todo);
    }
    return true;
  }

  /** The constraints that are unsatisfied downstream of a variable that nothing determines any more, strongest first. */
  removePropagateFrom(out) {
    const unsatisfied = new Vector();
    out.determinedBy = null;
    out.walkStrength = ABSOLUTE_WEAKEST;
    out.stay = true;
    const todo = Vector.with(out);
    while (!todo.isEmpty()) {
      const v = todo.removeFirst();
      v.constraints.forEach((c) => {
        if (!c.isSatisfied()) unsatisfied.append(c);
      });
      this.constraintsConsuming(v, (c) => {
        c.recalculate();
        todo.append(c.output());
      });
    }
    unsatisfied.sort((a, b) => a.strength.level - b.strength.level);
    return unsatisfied;
  }

  addConstraintsConsuming(variable, todo) {
    this.constraintsConsuming(variable, (c) => {
      todo.append(c);
    });
  }

  constraintsConsuming(variable, visit) {
    const determining = variable.determinedBy;
    variable.constraints.forEach((c) => {
      if (c !== determining && c.isSatisfied()) visit(c);
    });
  }

  change(variable, value) {
    const edit = new EditConstraint(variable, PREFERRED, this);
    const plan = this.extractPlan(Vector.with(edit));
    for (let i = 0; i < 10; i++) {
      variable.value = value;
      plan.execute();
    }
    edit.destroy(this);
  }
}

/** A long chain of equalities, and values pushed through it. Returns the last mark of its planner. */
function chainTest(n) {
  const planner = new Planner();
  const variables = new Array(n + 1);
  for (let i = 0; i <= n; i++) variables[i] = new Variable(0);
  for (let i = 0; i < n; i++) new EqualityConstraint(variables[i], variables[i + 1], REQUIRED, planner);
  new StayConstraint(variables[n], STRONG_DEFAULT, planner);
  const edit = new EditConstraint(variables[0], PREFERRED, planner);
  const plan = planner.extractPlan(Vector.with(edit));
  for (let i = 0; i < 100; i++) {
    variables[0].value = i;
    plan.execute();
    if (variables[n].value !== i) throw new Error('the chain failed');
  }
  edit.destroy(planner);
  return planner.currentMark;
}

/** Points that are scaled and moved, both ways. Returns the last mark of its planner. */
function projectionTest(n) {
  const planner = new Planner();
  const scale = new Variable(10);
  const offset = new Variable(1000);
  const targets = new Vector();
  let source = null;
  let target = null;
  for (let i = 1; i <= n; i++) {
    source = new Variable(i);
    target = new Variable(i);
    targets.append(target);
    new StayConstraint(source, DEFAULT, planner);
    new ScaleConstraint(source, scale, offset, target, REQUIRED, planner);
  }
  planner.change(source, 17);
  expect(target.value, 1170);
  planner.change(target, 1050);
  expect(source.value, 5);
  planner.change(scale, 5);
  for (let i = 0; i < n - 1; i++) expect(targets.at(i).value, (i + 1) * 5 + 1000);
  planner.change(offset, 2000);
  for (let i = 0; i < n - 1; i++) expect(targets.at(i).value, (i + 1) * 5 + 2000);
  return planner.currentMark;
}

function expect(value, wanted) {
  if (value !== wanted) throw new Error(`a projection came to ${value} where ${wanted} is right`);
}

export function run(n) {
  return chainTest(n) + projectionTest(n);
}
