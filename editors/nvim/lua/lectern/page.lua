-- Lessons and hints in buffers named lectern://COURSE/PATH.md, which the server fills.
local client = require('lectern.client')
local M = {}

-- The server writes lectern:/a/b; Neovim takes a name for an address only with //.
local function name_of(uri)
  return 'lectern://' .. uri:gsub('^lectern:/*', '')
end

local function slug(heading)
  return (heading:lower():gsub('[^%w%s_-]', ''):gsub('%s', '-'))
end

-- Puts the cursor on the heading that an address ends with.
local function jump(buf, anchor)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, -1, false)) do
    local heading = line:match('^#+%s+(.-)%s*$')
    if heading and slug(heading) == anchor then
      vim.api.nvim_win_set_cursor(0, { number, 0 })
      return
    end
  end
end

--- Shows a page in the current window; in another one beside the code when the
--- current window shows a file. False when there is no such page.
---@param uri string
---@return boolean
function M.open(uri)
  local name, anchor = name_of(uri), nil
  name, anchor = name:match('^([^#]*)#?(.*)$')
  if not vim.startswith(vim.api.nvim_buf_get_name(0), 'lectern://') then
    local shown
    for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
      if vim.startswith(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window)), 'lectern://') then
        shown = window
      end
    end
    if shown then
      vim.api.nvim_set_current_win(shown)
    else
      vim.cmd(vim.o.columns >= 120 and 'rightbelow vsplit' or 'rightbelow split')
    end
  end
  vim.cmd.edit({ args = { vim.fn.fnameescape(name) }, magic = { file = false, bar = false } })
  if anchor ~= '' then
    jump(0, anchor)
  end
  return vim.b.lectern_page == true
end

-- What the link under the cursor leads to, or nil.
local function link_under_cursor()
  local line = vim.api.nvim_get_current_line()
  local column = vim.api.nvim_win_get_cursor(0)[2] + 1
  for _, pattern in ipairs({ '()%[.-%]%(([^)%s]+)[^)]*%)()', '()<(%a[%w+.-]*:[^>%s]+)>()', '()(https?://[^%s<>()`]+)()' }) do
    for first, target, after in line:gmatch(pattern) do
      if column >= first and column < after then
        return target
      end
    end
  end
end

-- The page that a relative link on another page leads to.
local function resolve(from, target)
  local path, anchor = target:match('^([^#]*)(#?.*)$')
  if path == '' then
    return from .. anchor
  end
  local folder = from:gsub('^lectern://', ''):gsub('[^/]*$', '')
  local parts = {}
  for part in (folder .. path):gmatch('[^/]+') do
    if part == '..' then
      table.remove(parts)
    elseif part ~= '.' then
      table.insert(parts, part)
    end
  end
  return 'lectern://' .. table.concat(parts, '/') .. anchor
end

--- Follows the link under the cursor: pages open here, anything else outside.
function M.follow()
  local target = link_under_cursor()
  if not target then
    client.say('there is no link under the cursor')
  elseif vim.startswith(target, 'lectern:') then
    M.open(target)
  elseif target:match('^%a[%w+.-]*:') then
    local _, err = vim.ui.open(target)
    if err then
      client.say(err, vim.log.levels.ERROR)
    end
  else
    M.open(resolve(vim.api.nvim_buf_get_name(0), target))
  end
end

local function fill(buf, text)
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text, '\n', { trimempty = true }))
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
end

-- The text of a page, or nil and why there is none.
local function text_of(name)
  local server = client.get()
  if not server then
    return nil, 'no server is running: open a Rust file of a project first'
  end
  local result, err = client.ask(server, 'workspace/textDocumentContent', { uri = name }, 5000)
  return result and result.text, err
end

--- Fills a buffer that is being read (BufReadCmd).
---@param buf integer
---@param name string
function M.read(buf, name)
  local text, err = text_of(name)
  vim.bo[buf].buftype = 'nofile'
  vim.bo[buf].swapfile = false
  vim.b[buf].lectern_page = text ~= nil
  if not text then
    vim.bo[buf].bufhidden = 'wipe'
    fill(buf, ('There is no page %s here: %s.'):format(name, err))
    client.say(err, vim.log.levels.ERROR)
    return
  end
  fill(buf, text)
  vim.bo[buf].filetype = 'markdown'
  for _, key in ipairs({ '<CR>', 'gx' }) do
    vim.keymap.set('n', key, M.follow, { buffer = buf, desc = 'Follow the link' })
  end
end

--- Reads pages again after the course has changed.
---@param uri string? of one page; all pages when it is nil
function M.refresh(uri)
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buf)
    if vim.b[buf].lectern_page and (not uri or name == name_of(uri)) then
      local server = client.get()
      if server then
        client.request(server, 'workspace/textDocumentContent', { uri = name }, function(_, result)
          if result and vim.api.nvim_buf_is_valid(buf) then
            fill(buf, result.text)
          end
        end)
      end
    end
  end
end

return M
