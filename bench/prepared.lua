-- Sends each prepared request once, in order, over all connections; then the load ends. A line of the file: path, cookie, body, parted by tabs.
local requests, next_one, failed, accepted = {}, 0, 0, 0
function init(args)
  for line in io.lines(args[1]) do
    local path, cookie, body = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)")
    local headers = {["Cookie"] = cookie}
    if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    requests[#requests + 1] = wrk.format(body ~= "" and "POST" or "GET", path, headers, body ~= "" and body or nil)
  end
  again = args[2] == "again"
end
function request()
  next_one = next_one + 1
  if next_one > #requests then
    if again then next_one = 1 elseif next_one > #requests + 128 then wrk.thread:stop() end
  end
  return requests[math.min(next_one, #requests)]
end
