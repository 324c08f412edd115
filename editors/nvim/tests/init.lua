-- The user's configuration in the tests: what README.md says, in the way of $LECTERN_MODE.
local plugin = vim.env.LECTERN_PLUGIN
vim.g.lectern_server = vim.env.LECTERN_BIN
vim.opt.swapfile = false
local mode = vim.env.LECTERN_MODE
if mode == 'enable' then
  vim.opt.runtimepath:append(plugin)
  vim.lsp.enable('lectern')
elseif mode == 'call' then
  vim.opt.runtimepath:append(plugin)
  require('lectern').enable()
elseif mode == 'pack' then
  vim.pack.add({ vim.env.LECTERN_REPOSITORY }, {
    confirm = false,
    load = function(found)
      vim.opt.runtimepath:append(found.path .. '/editors/nvim')
      vim.cmd.runtime('plugin/lectern.lua')
    end,
  })
  vim.lsp.enable('lectern')
else
  error('no LECTERN_MODE')
end
