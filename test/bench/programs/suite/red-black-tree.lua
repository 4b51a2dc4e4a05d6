-- A red-black tree (Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms"): a map in the order of its keys, for CD.

local RED, BLACK = 0, 1

local function minimum(tree)
  local node = tree
  while node.left do node = node.left end
  return node
end

local function successor(start)
  if start.right then return minimum(start.right) end
  local node, parent = start, start.parent
  while parent and node == parent.right do
    node = parent
    parent = parent.parent
  end
  return parent
end

local function isBlack(node)
  return not node or node.color == BLACK
end

local RedBlackTree = {}
RedBlackTree.__index = RedBlackTree

function RedBlackTree.new()
  return setmetatable({ root = nil }, RedBlackTree)
end

-- Returns what the key had before, or nil.
function RedBlackTree:put(key, value)
  local parent, here, order = nil, self.root, 0
  while here do
    parent = here
    order = key:compareTo(here.key)
    if order == 0 then
      local old = here.value
      here.value = value
      return old
    end
    if order < 0 then here = here.left else here = here.right end
  end
  local node = { key = key, value = value, parent = parent, left = nil, right = nil, color = RED }
  if not parent then
    self.root = node
  elseif order < 0 then
    parent.left = node
  else
    parent.right = node
  end
  self:mendInsertion(node)
  return nil
end

function RedBlackTree:mendInsertion(inserted)
  local x = inserted
  while x ~= self.root and x.parent.color == RED do
    local grandparent = x.parent.parent
    if x.parent == grandparent.left then
      local uncle = grandparent.right
      if not isBlack(uncle) then
        x.parent.color = BLACK
        uncle.color = BLACK
        grandparent.color = RED
        x = grandparent
      else
        if x == x.parent.right then
          x = x.parent
          self:rotateLeft(x)
        end
        x.parent.color = BLACK
        x.parent.parent.color = RED
        self:rotateRight(x.parent.parent)
      end
    else
      local uncle = grandparent.left
      if not isBlack(uncle) then
        x.parent.color = BLACK
        uncle.color = BLACK
        grandparent.color = RED
        x = grandparent
      else
        if x == x.parent.left then
          x = x.parent
          self:rotateRight(x)
        end
        x.parent.color = BLACK
        x.parent.parent.color = RED
        self:rotateLeft(x.parent.parent)
      end
    end
  end
  self.root.color = BLACK
end

function RedBlackTree:get(key)
  local node = self:find(key)
  return node and node.value
end

function RedBlackTree:find(key)
  local here = self.root
  while here do
    local order = key:compareTo(here.key)
    if order == 0 then return here end
    if order < 0 then here = here.left else here = here.right end
  end
  return nil
end

-- Returns what the key had, or nil.
function RedBlackTree:remove(key)
  local z = self:find(key)
  if not z then return nil end
  local y = (not z.left or not z.right) and z or successor(z)
  local x = y.left or y.right
  local parent = y.parent
  if x then x.parent = parent end
  if not parent then
    self.root = x
  elseif y == parent.left then
    parent.left = x
  else
    parent.right = x
  end
  local value = z.value
  if y ~= z then
    z.key = y.key
    z.value = y.value
  end
  if y.color == BLACK then self:mendRemoval(x, parent) end
  return value
end

function RedBlackTree:mendRemoval(removed, parentOfRemoved)
  local x, parent = removed, parentOfRemoved
  while x ~= self.root and isBlack(x) do
    if x == parent.left then
      local sibling = parent.right
      if sibling.color == RED then
        sibling.color = BLACK
        parent.color = RED
        self:rotateLeft(parent)
        sibling = parent.right
      end
      if isBlack(sibling.left) and isBlack(sibling.right) then
        sibling.color = RED
        x = parent
        parent = x.parent
      else
        if isBlack(sibling.right) then
          sibling.left.color = BLACK
          sibling.color = RED
          self:rotateRight(sibling)
          sibling = parent.right
        end
        sibling.color = parent.color
        parent.color = BLACK
        if sibling.right then sibling.right.color = BLACK end
        self:rotateLeft(parent)
        x = self.root
      end
    else
      local sibling = parent.left
      if sibling.color == RED then
        sibling.color = BLACK
        parent.color = RED
        self:rotateRight(parent)
        sibling = parent.left
      end
      if isBlack(sibling.left) and isBlack(sibling.right) then
        sibling.color = RED
        x = parent
        parent = x.parent
      else
        if isBlack(sibling.left) then
          sibling.right.color = BLACK
          sibling.color = RED
          self:rotateLeft(sibling)
          sibling = parent.left
        end
        sibling.color = parent.color
        parent.color = BLACK
        if sibling.left then sibling.left.color = BLACK end
        self:rotateRight(parent)
        x = self.root
      end
    end
  end
  if x then x.color = BLACK end
end

function RedBlackTree:forEach(visit)
  if not self.root then return end
  local node = minimum(self.root)
  while node do
    visit(node)
    node = successor(node)
  end
end

function RedBlackTree:rotateLeft(x)
  local y = x.right
  x.right = y.left
  if y.left then y.left.parent = x end
  self:putInPlaceOf(x, y)
  y.left = x
  x.parent = y
end

function RedBlackTree:rotateRight(y)
  local x = y.left
  y.left = x.right
  if x.right then x.right.parent = y end
  self:putInPlaceOf(y, x)
  x.right = y
  y.parent = x
end

function RedBlackTree:putInPlaceOf(old, node)
  node.parent = old.parent
  if not old.parent then
    self.root = node
  elseif old == old.parent.left then
    old.parent.left = node
  else
    old.parent.right = node
  end
end

return RedBlackTree
