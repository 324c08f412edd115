if vim.g.loaded_lectern then
  return
end
vim.g.loaded_lectern = true

vim.api.nvim_create_user_command('Lectern', function(call)
  require('lectern.command').run(call)
end, {
  nargs = '+',
  desc = 'Lessons and hints of the course',
  complete = function(lead, line)
    return require('lectern.command').complete(lead, line)
  end,
})

local group = vim.api.nvim_create_augroup('lectern', {})
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'lectern://*',
  desc = 'Read a lesson from the language server',
  callback = function(event)
    require('lectern.page').read(event.buf, event.match)
  end,
})

-- Neovim 0.12 asks for diagnostics when a buffer changes or is read. One that was not in
-- a window at that moment would stay without them when it is shown.
vim.api.nvim_create_autocmd('BufWinEnter', {
  group = group,
  desc = 'Ask for the diagnostics of a buffer that is shown again',
  callback = function(event)
    for _, server in ipairs(vim.lsp.get_clients({ name = 'lectern', bufnr = event.buf })) do
      require('lectern.client').pull(server, event.buf)
    end
  end,
})

-- The server's links to its own pages open here wherever they are followed, with `gx` in
-- a comment as well.
local open = vim.ui.open
vim.ui.open = function(target, ...)
  if type(target) == 'string' and vim.startswith(target, 'lectern:') then
    require('lectern.page').open(target)
    return nil, nil
  end
  return open(target, ...)
end
