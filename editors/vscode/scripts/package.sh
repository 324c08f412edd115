#!/usr/bin/env bash
# Builds the extension with the language server inside.
#
#   bash scripts/package.sh [TARGET...]        linux-x64 (the default), linux-arm64, win32-x64,
#                                              darwin-arm64, darwin-x64: dist/lectern-TARGET.vsix
#   bash scripts/package.sh --stage FOLDER     only the unpacked extension for this machine
#
# linux-arm64 is built by Debian's gcc-aarch64-linux-gnu, win32-x64 by gcc-mingw-w64-x86-64;
# those for macOS are built on macOS.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(cd ../.. && pwd)

fail() {
  printf 'package.sh: %s\n' "$*" >&2
  exit 1
}

# program TARGET FILE: builds the language server.
program() {
  local os arch cc=""
  case $1 in
  linux-x64) os=linux arch=amd64 ;;
  linux-arm64) os=linux arch=arm64 cc=aarch64-linux-gnu-gcc ;;
  win32-x64) os=windows arch=amd64 cc=x86_64-w64-mingw32-gcc ;;
  darwin-x64) os=darwin arch=amd64 ;;
  darwin-arm64) os=darwin arch=arm64 ;;
  *) fail "there is no target $1" ;;
  esac
  if [ "$os/$arch" = "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" ]; then
    cc=$(go env CC)
  elif [ "$os" = darwin ] && [ "$(go env GOHOSTOS)" = darwin ]; then
    cc="clang -arch $([ $arch = arm64 ] && echo arm64 || echo x86_64)"
  fi
  [ -n "$cc" ] || fail "$1 is built on macOS"
  command -v "${cc%% *}" >/dev/null || fail "$1 needs the compiler ${cc%% *}"
  (cd "$root" && CGO_ENABLED=1 GOOS=$os GOARCH=$arch CC=$cc go build -trimpath -ldflags '-s -w' -o "$2" ./cmd/lectern)
}

# stage TARGET FOLDER: the extension as it is packed.
stage() {
  local target=$1 folder=$2 name=lectern
  [ "$target" != win32-x64 ] || name=lectern.exe
  mkdir -p "$folder/dist" "$folder/server"
  cp package.json CHANGELOG.md .vscodeignore "$folder"
  grep -v "^!\[" README.md >"$folder/README.md" # VS Code shows no pictures out of a package
  cp -R media "$folder"
  cp dist/extension.js "$folder/dist"
  program "$target" "$(cd "$folder" && pwd)/server/$name"
}

[ -d node_modules ] || npm ci --ignore-scripts
npm run --silent compile
if [ "${1:-}" = --stage ]; then
  stage "$(node -p '`${process.platform}-${process.arch}`')" "${2:?a folder}"
  cp -R dist/host "$2/dist"
  exit
fi
[ $# -gt 0 ] || set -- linux-x64
for target in "$@"; do
  work=$(mktemp -d)
  stage "$target" "$work"
  (cd "$work" && "$OLDPWD/node_modules/.bin/vsce" package --no-dependencies --skip-license --allow-missing-repository \
    --target "$target" --out "$OLDPWD/dist/lectern-$target.vsix") >"$work.log" 2>&1 || { cat "$work.log" >&2; fail "vsce failed for $target"; }
  rm -rf "$work" "$work.log"
  printf '%s\n' "dist/lectern-$target.vsix"
done
