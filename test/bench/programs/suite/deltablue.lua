-- An incremental solver of one-way constraints: a chain of equalities, and a projection of points.
local core = require 'core'
local Vector = core.Vector

-- Strengths: the less, the stronger.
local REQUIRED = -800
local PREFERRED = -400
local STRONG_DEFAULT = -200
local DEFAULT = 0
local ABSOLUTE_WEAKEST = 10000

local function class(base)
  local made = setmetatable({}, { __index = base })
  made.__index = made
  return made
end

local Variable = class()

function Variable.new(value)
  return setmetatable({
    value = value,
    constraints = Vector.new(),
    determinedBy = nil,
    walkStrength = ABSOLUTE_WEAKEST,
    stay = true,
    mark = 0,
  }, Variable)
end

function Variable:addConstraint(constraint)
  self.constraints:append(constraint)
end

function Variable:removeConstraint(constraint)
  self.constraints:remove(constraint)
  if self.determinedBy == constraint then self.determinedBy = nil end
end

local Constraint = class()

-- Whether what determines its output lies outside of the constraints.
function Constraint:isInput()
  return false
end

function Constraint:add(planner)
  self:addToGraph()
  planner:incrementalAdd(self)
end

function Constraint:destroy(planner)
  if self:isSatisfied() then planner:incrementalRemove(self) end
  self:removeFromGraph()
end

function Constraint:inputsKnown(mark)
  return not self:inputsHaveOne(function(v)
    return not (v.mark == mark or v.stay or v.determinedBy == nil)
  end)
end

-- Finds a way to enforce this constraint; returns the one that it overrides, or nil.
function Constraint:satisfy(mark, planner)
  self:chooseMethod(mark)
  if not self:isSatisfied() then
    if self.strength == REQUIRED then error('a required constraint cannot be satisfied') end
    return nil
  end
  self:inputsDo(function(v) v.mark = mark end)
  local out = self:output()
  local overridden = out.determinedBy
  if overridden then overridden:markUnsatisfied() end
  out.determinedBy = self
  if not planner:addPropagate(self, mark) then error('the constraints form a cycle') end
  out.mark = mark
  return overridden
end

local UnaryConstraint = class(Constraint)

function UnaryConstraint.init(self, variable, strength, planner)
  self.variable = variable
  self.strength = strength
  self.satisfied = false
  self:add(planner)
  return self
end

function UnaryConstraint:isSatisfied()
  return self.satisfied
end

function UnaryConstraint:markUnsatisfied()
  self.satisfied = false
end

function UnaryConstraint:addToGraph()
  self.variable:addConstraint(self)
  self.satisfied = false
end

function UnaryConstraint:removeFromGraph()
  self.variable:removeConstraint(self)
  self.satisfied = false
end

function UnaryConstraint:chooseMethod(mark)
  local variable = self.variable
  self.satisfied = variable.mark ~= mark and self.strength < variable.walkStrength
end

function UnaryConstraint:inputsDo() end

function UnaryConstraint:inputsHaveOne()
  return false
end

function UnaryConstraint:output()
  return self.variable
end

function UnaryConstraint:recalculate()
  self.variable.walkStrength = self.strength
  self.variable.stay = not self:isInput()
  if self.variable.stay then self:execute() end
end

function UnaryConstraint:execute() end

local StayConstraint = class(UnaryConstraint)

function StayConstraint.new(variable, strength, planner)
  return UnaryConstraint.init(setmetatable({}, StayConstraint), variable, strength, planner)
end

local EditConstraint = class(UnaryConstraint)

function EditConstraint.new(variable, strength, planner)
  return UnaryConstraint.init(setmetatable({}, EditConstraint), variable, strength, planner)
end

function EditConstraint:isInput()
  return true
end

local UNSATISFIED, FORWARD, BACKWARD = 0, 1, 2

local BinaryConstraint = class(Constraint)

function BinaryConstraint:isSatisfied()
  return self.direction ~= UNSATISFIED
end

function BinaryConstraint:markUnsatisfied()
  self.direction = UNSATISFIED
end

function BinaryConstraint:addToGraph()
  self.v1:addConstraint(self)
  self.v2:addConstraint(self)
  self.direction = UNSATISFIED
end

function BinaryConstraint:removeFromGraph()
  self.v1:removeConstraint(self)
  self.v2:removeConstraint(self)
  self.direction = UNSATISFIED
end

function BinaryConstraint:chooseMethod(mark)
  local v1, v2, strength = self.v1, self.v2, self.strength
  local mayBeForward = strength < v2.walkStrength and FORWARD or UNSATISFIED
  local mayBeBackward = strength < v1.walkStrength and BACKWARD or UNSATISFIED
  if v1.mark == mark then
    self.direction = v2.mark == mark and UNSATISFIED or mayBeForward
  elseif v2.mark == mark then
    self.direction = mayBeBackward
  else
    self.direction = v1.walkStrength > v2.walkStrength and mayBeBackward or mayBeForward
  end
end

function BinaryConstraint:inputsDo(visit)
  visit(self:input())
end

function BinaryConstraint:inputsHaveOne(holds)
  return holds(self:input())
end

function BinaryConstraint:input()
  return self.direction == FORWARD and self.v1 or self.v2
end

function BinaryConstraint:output()
  return self.direction == FORWARD and self.v2 or self.v1
end

function BinaryConstraint:recalculate()
  local input, out = self:input(), self:output()
  out.walkStrength = math.max(self.strength, input.walkStrength)
  out.stay = input.stay
  if out.stay then self:execute() end
end

local EqualityConstraint = class(BinaryConstraint)

function EqualityConstraint.new(v1, v2, strength, planner)
  local self = setmetatable({ v1 = v1, v2 = v2, strength = strength, direction = UNSATISFIED }, EqualityConstraint)
  self:add(planner)
  return self
end

function EqualityConstraint:execute()
  self:output().value = self:input().value
end

-- v2 = v1 * scale + offset.
local ScaleConstraint = class(BinaryConstraint)

function ScaleConstraint.new(v1, scale, offset, v2, strength, planner)
  local self = setmetatable({
    v1 = v1, v2 = v2, scale = scale, offset = offset, strength = strength, direction = UNSATISFIED,
  }, ScaleConstraint)
  self:add(planner)
  return self
end

function ScaleConstraint:addToGraph()
  BinaryConstraint.addToGraph(self)
  self.scale:addConstraint(self)
  self.offset:addConstraint(self)
end

function ScaleConstraint:removeFromGraph()
  BinaryConstraint.removeFromGraph(self)
  self.scale:removeConstraint(self)
  self.offset:removeConstraint(self)
end

function ScaleConstraint:inputsDo(visit)
  visit(self:input())
  visit(self.scale)
  visit(self.offset)
end

function ScaleConstraint:inputsHaveOne(holds)
  return holds(self:input()) or holds(self.scale) or holds(self.offset)
end

function ScaleConstraint:execute()
  local v1, v2 = self.v1, self.v2
  if self.direction == FORWARD then
    v2.value = v1.value * self.scale.value + self.offset.value
  else
    v1.value = (v2.value - self.offset.value) // self.scale.value
  end
end

function ScaleConstraint:recalculate()
  local input, out = self:input(), self:output()
  out.walkStrength = math.max(self.strength, input.walkStrength)
  out.stay = input.stay and self.scale.stay and self.offset.stay
  if out.stay then self:execute() end
end

-- Executes constraints in their order.
local function executePlan(plan)
  plan:forEach(function(c) c:execute() end)
end

local Planner = class()

function Planner.new()
  return setmetatable({ currentMark = 1 }, Planner)
end

function Planner:newMark()
  self.currentMark = self.currentMark + 1
  return self.currentMark
end

function Planner:incrementalAdd(constraint)
  local mark = self:newMark()
  local overridden = constraint:satisfy(mark, self)
  while overridden do overridden = overridden:satisfy(mark, self) end
end

function Planner:incrementalRemove(constraint)
  local out = constraint:output()
  constraint:markUnsatisfied()
  constraint:removeFromGraph()
  self:removePropagateFrom(out):forEach(function(c) self:incrementalAdd(c) end)
end

function Planner:extractPlan(constraints)
  local sources = Vector.new()
  constraints:forEach(function(c)
    if c:isInput() and c:isSatisfied() then sources:append(c) end
  end)
  return self:makePlan(sources)
end

function Planner:makePlan(todo)
  local mark = self:newMark()
  local plan = Vector.new()
  while not todo:isEmpty() do
    local c = todo:removeFirst()
    if c:output().mark ~= mark and c:inputsKnown(mark) then
      plan:append(c)
      c:output().mark = mark
      self:addConstraintsConsuming(c:output(), todo)
    end
  end
  return plan
end

-- False where the constraint would determine what it depends on.
function Planner:addPropagate(constraint, mark)
  local todo = Vector.with(constraint)
  while not todo:isEmpty() do
    local c = todo:removeFirst()
    if c:output().mark == mark then
      self:incrementalRemove(constraint)
      return false
    end
    c:recalculate()
    self:addConstraintsConsuming(c:output(), todo)
  end
  return true
end

-- The constraints that are unsatisfied downstream of a variable that nothing determines any more, strongest first.
function Planner:removePropagateFrom(out)
  local unsatisfied = Vector.new()
  out.determinedBy = nil
  out.walkStrength = ABSOLUTE_WEAKEST
  out.stay = true
  local todo = Vector.with(out)
  while not todo:isEmpty() do
    local v = todo:removeFirst()
    v.constraints:forEach(function(c)
      if not c:isSatisfied() then unsatisfied:append(c) end
    end)
    self:constraintsConsuming(v, function(c)
      c:recalculate()
      todo:append(c:output())
    end)
  end
  unsatisfied:sort(function(a, b) return a.strength < b.strength end)
  return unsatisfied
end

function Planner:addConstraintsConsuming(variable, todo)
  self:constraintsConsuming(variable, function(c) todo:append(c) end)
end

function Planner:constraintsConsuming(variable, visit)
  local determining = variable.determinedBy
  variable.constraints:forEach(function(c)
    if c ~= determining and c:isSatisfied() then visit(c) end
  end)
end

function Planner:change(variable, value)
  local edit = EditConstraint.new(variable, PREFERRED, self)
  local plan = self:extractPlan(Vector.with(edit))
  for _ = 1, 10 do
    variable.value = value
    executePlan(plan)
  end
  edit:destroy(self)
end

local function expect(value, wanted)
  if value ~= wanted then error('a test came to ' .. value .. ' where ' .. wanted .. ' is right') end
end

-- A long chain of equalities, and values pushed through it. Returns the last mark of its planner.
local function chainTest(n)
  local planner, variables = Planner.new(), {}
  for i = 1, n + 1 do variables[i] = Variable.new(0) end
  for i = 1, n do EqualityConstraint.new(variables[i], variables[i + 1], REQUIRED, planner) end
  StayConstraint.new(variables[n + 1], STRONG_DEFAULT, planner)
  local edit = EditConstraint.new(variables[1], PREFERRED, planner)
  local plan = planner:extractPlan(Vector.with(edit))
  for i = 0, 99 do
    variables[1].value = i
    executePlan(plan)
    expect(variables[n + 1].value, i)
  end
  edit:destroy(planner)
  return planner.currentMark
end

-- Points that are scaled and moved, both ways. Returns the last mark of its planner.
local function projectionTest(n)
  local planner, targets = Planner.new(), Vector.new()
  local scale, offset = Variable.new(10), Variable.new(1000)
  local source, target
  for i = 1, n do
    source = Variable.new(i)
    target = Variable.new(i)
    targets:append(target)
    StayConstraint.new(source, DEFAULT, planner)
    ScaleConstraint.new(source, scale, offset, target, REQUIRED, planner)
  end
  planner:change(source, 17)
  expect(target.value, 1170)
  planner:change(target, 1050)
  expect(source.value, 5)
  planner:change(scale, 5)
  for i = 1, n - 1 do expect(targets:at(i).value, i * 5 + 1000) end
  planner:change(offset, 2000)
  for i = 1, n - 1 do expect(targets:at(i).value, i * 5 + 2000) end
  return planner.currentMark
end

function run(n)
  return chainTest(n) + projectionTest(n)
end
