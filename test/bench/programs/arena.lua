-- As many objects as one likes, all of them alive until the function returns.

function fill(count)
  local all, sum = {}, 0.0
  for i = 0, count - 1 do
    local x = i + 0.5
    all[#all + 1] = { id = i, x = x, y = x - 1, z = x - 2 }
  end
  for _, particle in ipairs(all) do
    sum = sum + particle.x + particle.id
  end
  return sum
end
