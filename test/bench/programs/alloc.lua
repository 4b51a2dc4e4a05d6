-- Objects with four numbers, or with seven small integers, of which one in a thousand is kept until the end.

function particles(count)
  local kept, next, sum = {}, 0, 0.0
  for i = 0, count - 1 do
    local x = i + 0.5
    local particle = { id = i, x = x, y = x - 1, z = x - 2 }
    if i == next then
      kept[#kept + 1] = particle
      next = next + 1000
    end
  end
  for _, particle in ipairs(kept) do
    sum = sum + particle.x + particle.y + particle.z + particle.id
  end
  return sum
end

function records(count)
  local kept, next, sum = {}, 0, 0.0
  for i = 0, count - 1 do
    local record = { a = i, b = i + 1, c = i + 2, d = i + 3, e = i + 4, f = i + 5, g = i + 6 }
    if i == next then
      kept[#kept + 1] = record
      next = next + 1000
    end
  end
  for _, record in ipairs(kept) do
    sum = sum + record.a + record.g
  end
  return sum
end
