-- Programs that do little else than allocate and follow references, without frames: binary trees, GCBench, splay.

------------------------------------------------------------------------------------------------ binary trees

local function grow(depth)
  if depth == 0 then return {} end
  return { left = grow(depth - 1), right = grow(depth - 1) }
end

local function nodes(tree)
  if tree == nil then return 0 end
  return 1 + nodes(tree.left) + nodes(tree.right)
end

function binaryTrees(depth)
  local longLived = grow(depth)
  local counted = nodes(grow(depth + 1))
  for d = 4, depth, 2 do
    for _ = 1, 1 << (depth - d + 4) do counted = counted + nodes(grow(d)) end
  end
  return counted + nodes(longLived)
end

------------------------------------------------------------------------------------------------ GCBench

local function node(left, right)
  return { left = left, right = right, i = 0, j = 0 }
end

local function bottomUp(depth)
  if depth <= 0 then return node(nil, nil) end
  return node(bottomUp(depth - 1), bottomUp(depth - 1))
end

local function populate(depth, parent)
  if depth <= 0 then return end
  parent.left = node(nil, nil)
  parent.right = node(nil, nil)
  populate(depth - 1, parent.left)
  populate(depth - 1, parent.right)
end

local function treeSize(depth)
  return (1 << (depth + 1)) - 1
end

function gcbench(deepest, arraySize)
  local longLived = node(nil, nil)
  populate(deepest, longLived)
  local array = {}
  for i = 0, arraySize - 1 do array[#array + 1] = 1 / (1 + i) end
  local built = 0
  for depth = 4, deepest, 2 do
    local rounds = 2 * treeSize(deepest) // treeSize(depth)
    for _ = 1, rounds do
      local root = node(nil, nil)
      populate(depth, root)
      built = built + nodes(root)
    end
    for _ = 1, rounds do built = built + nodes(bottomUp(depth)) end
  end
  return built + nodes(longLived) + #array
end

------------------------------------------------------------------------------------------------ splay

local function payload(depth, tag)
  if depth == 0 then return { numbers = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, tag = tag } end
  return { left = payload(depth - 1, tag), right = payload(depth - 1, tag) }
end

-- Top-down splaying (Sleator and Tarjan, JACM 1985): the node of this key, or the last one met, becomes the root.
local function splay(root, key)
  local side = { key = 0 }
  local left, right, here = side, side, root
  while key ~= here.key do
    if key < here.key then
      local child = here.left
      if child == nil then break end
      if key < child.key then
        here.left = child.right
        child.right = here
        here = child
        if here.left == nil then break end
      end
      right.left = here
      right = here
      here = here.left
    else
      local child = here.right
      if child == nil then break end
      if key > child.key then
        here.right = child.left
        child.left = here
        here = child
        if here.right == nil then break end
      end
      left.right = here
      left = here
      here = here.right
    end
  end
  left.right = here.left
  right.left = here.right
  here.left = side.right
  here.right = side.left
  return here
end

local function nextKey(tree)
  tree.seed = (tree.seed * 1103515245 + 12345) & 2147483647
  return tree.seed
end

-- False where the key is there already.
local function insert(tree, key)
  local root = tree.root
  if root ~= nil then
    root = splay(root, key)
    tree.root = root
    if root.key == key then return false end
  end
  local new = { key = key, payload = payload(5, key) }
  if root ~= nil and key > root.key then
    new.left = root
    new.right = root.right
    root.right = nil
  elseif root ~= nil then
    new.right = root
    new.left = root.left
    root.left = nil
  end
  tree.root = new
  return true
end

local function insertNew(tree)
  local key = nextKey(tree)
  while not insert(tree, key) do key = nextKey(tree) end
  return key
end

-- Takes the node with the nearest smaller key out, or the least.
local function removeBefore(tree, key)
  if tree.root == nil then return end
  local root = splay(tree.root, key - 1)
  if root.left == nil then
    tree.root = root.right
    return
  end
  local joined = splay(root.left, root.key)
  joined.right = root.right
  tree.root = joined
end

function splayTree(size, changes)
  local tree = { seed = 42 }
  for _ = 1, size do insertNew(tree) end
  local sum = 0
  for _ = 1, changes do
    removeBefore(tree, insertNew(tree))
    if tree.root ~= nil then sum = (sum + tree.root.key) & 1073741823 end
  end
  return sum
end
