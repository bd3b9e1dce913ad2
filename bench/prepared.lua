-- Sends each prepared request once, in order, over all connections; then the load ends. A line of the file: path, cookie, body, parted by tabs.
-- Words after the file: "again" begins anew at the end, "partial" asks as the page does while one types.
local requests, next_one, is_tried = {}, 0, false
function init(args)
  local partial = false
  for place = 2, #args do
    if args[place] == "again" then again = true end
    if args[place] == "partial" then partial = true end
  end
  for line in io.lines(args[1]) do
    local path, cookie, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)")
    local headers = {["Accept-Encoding"] = "gzip"}
    if cookie ~= "" then headers["Cookie"] = cookie end
    if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    if partial then headers["HX-Request"] = "true"; headers["HX-Request-Type"] = "partial" end
    requests[#requests + 1] = wrk.format(body ~= "" and "POST" or "GET", path, headers, body ~= "" and body or nil)
  end
end
function request()
  if not is_tried then -- wrk asks for one to look at, and never sends it
    is_tried = true
    return requests[1]
  end
  next_one = next_one + 1
  if next_one > #requests then
    if again then next_one = 1 elseif next_one > #requests + 128 then wrk.thread:stop() end
  end
  return requests[math.min(next_one, #requests)]
end
