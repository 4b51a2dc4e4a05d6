-- Finds the loops of a control flow graph (Havlak, "Nesting of reducible and irreducible loops", TOPLAS 1997).
-- Blocks have names from 0, nodes numbers from 1.
local core = require 'core'
local Vector, IdentitySet, IdentityDictionary = core.Vector, core.IdentitySet, core.IdentityDictionary

local Graph = {}
Graph.__index = Graph

function Graph.new()
  return setmetatable({ start = nil, blocks = Vector.new() }, Graph)
end

-- The block of this name, made where it is not there yet.
function Graph:createNode(name)
  local known = self.blocks:at(name + 1)
  if known then return known end
  local block = { name = name, inEdges = Vector.new(), outEdges = Vector.new() }
  self.blocks:append(block)
  self.start = self.start or block
  return block
end

function Graph:connect(from, to)
  local source = self:createNode(from)
  local target = self:createNode(to)
  source.outEdges:append(target)
  target.inEdges:append(source)
end

function Graph:size()
  return self.blocks:size()
end

local Loop = {}
Loop.__index = Loop

function Loop.new(header, isReducible)
  local loop = setmetatable({
    header = header,
    isReducible = isReducible,
    parent = nil,
    isRoot = false,
    nestingLevel = 0,
    depthLevel = 0,
    counter = 0,
    blocks = IdentitySet.new(),
    children = IdentitySet.new(),
  }, Loop)
  if header then loop.blocks:add(header) end
  return loop
end

function Loop:setParent(parent)
  self.parent = parent
  parent.children:add(self)
end

function Loop:setNestingLevel(level)
  self.nestingLevel = level
  if level == 0 then self.isRoot = true end
end

-- All loops, in a tree by nesting.
local LoopStructure = {}
LoopStructure.__index = LoopStructure

function LoopStructure.new()
  local structure = setmetatable({ loopCounter = 0, loops = Vector.new() }, LoopStructure)
  structure.root = structure:createLoop(nil, true)
  structure.root:setNestingLevel(0)
  return structure
end

function LoopStructure:createLoop(header, isReducible)
  local loop = Loop.new(header, isReducible)
  loop.counter = self.loopCounter
  self.loopCounter = self.loopCounter + 1
  self.loops:append(loop)
  return loop
end

function LoopStructure:calculateNesting()
  self.loops:forEach(function(loop)
    if not loop.isRoot and not loop.parent then loop:setParent(self.root) end
  end)
  self:calculateNestingOf(self.root, 0)
end

function LoopStructure:calculateNestingOf(loop, depth)
  loop.depthLevel = depth
  loop.children:forEach(function(child)
    self:calculateNestingOf(child, depth + 1)
    loop:setNestingLevel(math.max(loop.nestingLevel, 1 + child.nestingLevel))
  end)
end

local Node = {}
Node.__index = Node

function Node.new()
  return setmetatable({ parent = nil, block = nil, loop = nil, number = 0 }, Node)
end

function Node:init(block, number)
  self.parent = self
  self.block = block
  self.number = number
  self.loop = nil
end

-- The representative of this node's set; what lies on the way points at it from now on.
function Node:findSet()
  local path, node = Vector.new(), self
  while node ~= node.parent do
    if node.parent ~= node.parent.parent then path:append(node) end
    node = node.parent
  end
  path:forEach(function(it) it:union(node.parent) end)
  return node.parent
end

function Node:union(node)
  self.parent = node
end

local NON_HEADER, REDUCIBLE, SELF, IRREDUCIBLE, DEAD = 0, 1, 2, 3, 4
local UNVISITED = 2147483647
local MOST_PREDECESSORS = 32 * 1024

local Finder = {}
Finder.__index = Finder

function Finder.new(graph, structure)
  return setmetatable({
    graph = graph,
    structure = structure,
    nonBackPredecessors = {},
    backPredecessors = {},
    nodes = {},
    numbers = IdentityDictionary.new(),
    header = {},
    kind = {},
    last = {},
  }, Finder)
end

function Finder:findLoops()
  if not self.graph.start then return end
  local size = self.graph:size()
  for i = 1, size do
    self.nonBackPredecessors[i] = IdentitySet.new()
    self.backPredecessors[i] = Vector.new()
    self.nodes[i] = Node.new()
    self.header[i] = 0
    self.kind[i] = NON_HEADER
    self.last[i] = 0
  end
  self.graph.blocks:forEach(function(block) self.numbers:atPut(block, UNVISITED) end)
  self:search(self.graph.start, 1)
  self:identifyEdges(size)
  -- From the innermost headers outwards: a header's number is less than those of what its loop contains.
  for w = size, 1, -1 do
    if not self:chainBody(w) then return end
  end
end

-- Numbers the blocks depth first; returns the last number given.
function Finder:search(block, number)
  self.nodes[number]:init(block, number)
  self.numbers:atPut(block, number)
  local last, targets = number, block.outEdges
  for i = 1, targets:size() do
    local target = targets:at(i)
    if self.numbers:at(target) == UNVISITED then last = self:search(target, last + 1) end
  end
  self.last[number] = last
  return last
end

function Finder:isAncestor(w, v)
  return w <= v and v <= self.last[w]
end

function Finder:identifyEdges(size)
  for w = 1, size do
    local block = self.nodes[w].block
    if not block then
      self.kind[w] = DEAD
    else
      block.inEdges:forEach(function(source)
        local v = self.numbers:at(source)
        if v == UNVISITED then return end
        if self:isAncestor(w, v) then
          self.backPredecessors[w]:append(v)
        else
          self.nonBackPredecessors[w]:add(v)
        end
      end)
    end
  end
end

-- Finds the loop whose header is w, if there is one. False where there are too many edges.
function Finder:chainBody(w)
  local block = self.nodes[w].block
  if not block then return true end
  local pool, todo = Vector.new(), Vector.new()
  self.backPredecessors[w]:forEach(function(v)
    if v == w then
      self.kind[w] = SELF
    else
      pool:append(self.nodes[v]:findSet())
    end
  end)
  pool:forEach(function(it) todo:append(it) end)
  if pool:size() > 0 then self.kind[w] = REDUCIBLE end
  while not todo:isEmpty() do
    local predecessors = self.nonBackPredecessors[todo:removeFirst().number]
    if predecessors:size() > MOST_PREDECESSORS then return false end
    self:followPredecessors(w, pool, todo, predecessors)
  end
  if pool:size() > 0 or self.kind[w] == SELF then
    self:setAttributes(w, pool, self.structure:createLoop(block, self.kind[w] ~= IRREDUCIBLE))
  end
  return true
end

function Finder:followPredecessors(w, pool, todo, predecessors)
  predecessors:forEach(function(v)
    local y = self.nodes[v]:findSet()
    if not self:isAncestor(w, y.number) then
      self.kind[w] = IRREDUCIBLE
      self.nonBackPredecessors[w]:add(y.number)
    elseif y.number ~= w and not pool:hasSome(function(it) return it == y end) then
      todo:append(y)
      pool:append(y)
    end
  end)
end

function Finder:setAttributes(w, pool, loop)
  local head = self.nodes[w]
  head.loop = loop
  pool:forEach(function(node)
    self.header[node.number] = w
    node:union(head)
    if node.loop then
      node.loop:setParent(loop)
    else
      loop.blocks:add(node.block)
    end
  end)
end

local function findLoops(graph, structure)
  Finder.new(graph, structure):findLoops()
end

-- What adds to a graph returns its last block.

local function diamond(graph, start)
  graph:connect(start, start + 1)
  graph:connect(start, start + 2)
  graph:connect(start + 1, start + 3)
  graph:connect(start + 2, start + 3)
  return start + 3
end

local function straight(graph, start, count)
  for i = start, start + count - 1 do graph:connect(i, i + 1) end
  return start + count
end

local function baseLoop(graph, from)
  local header = straight(graph, from, 1)
  local first = diamond(graph, header)
  local between = straight(graph, first, 1)
  local second = diamond(graph, between)
  local footer = straight(graph, second, 1)
  graph:connect(second, between)
  graph:connect(first, header)
  graph:connect(footer, from)
  return straight(graph, footer, 1)
end

local function simpleGraph()
  local graph = Graph.new()
  graph:createNode(0)
  baseLoop(graph, 0)
  graph:createNode(1)
  graph:connect(0, 2)
  return graph
end

-- Loops in loops, in loops that stand side by side.
local function extend(graph, outermost, outer, inner)
  local n = 2
  for _ = 1, outermost do
    graph:createNode(n + 1)
    graph:connect(2, n + 1)
    n = n + 1
    for _ = 1, outer do
      local top = n
      n = straight(graph, n, 1)
      for _ = 1, inner do n = baseLoop(graph, n) end
      local bottom = straight(graph, n, 1)
      graph:connect(n, top)
      n = bottom
    end
    graph:connect(n, 1)
  end
end

-- The loops found, times 100,000, and the blocks, after so many rounds over a small graph and fifty over a large one.
function run(rounds)
  local graph = simpleGraph()
  local structure = LoopStructure.new()
  for _ = 1, rounds do findLoops(graph, structure) end
  extend(graph, 10, 10, 5)
  findLoops(graph, structure)
  for _ = 1, 50 do findLoops(graph, LoopStructure.new()) end
  structure:calculateNesting()
  return 100000 * structure.loops:size() + graph:size()
end
