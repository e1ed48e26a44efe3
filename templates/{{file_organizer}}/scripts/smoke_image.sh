#!/bin/sh
# Does the image do what it is for? Make a messy folder, order it, and bring it back, each step in a
# container of its own. Usage: smoke_image.sh IMAGE
set -eu

image=$1
folder=$(mktemp -d)
state=$(mktemp -d)
trap 'rm -rf "$folder" "$state"' EXIT

organize() {
  docker run --rm --user "$(id -u):$(id -g)" --volume "$folder:/data" --volume "$state:/state" \
    "$image" "$@"
}

listed() {
  (cd "$folder" && find . -type f | sort)
}

if [ "$(docker run --rm --entrypoint id "$image" -u)" = 0 ]; then
  echo "The image runs as root." >&2
  exit 1
fi

organize --version
organize demo downloads
before=$(listed)
organize plan downloads
if [ "$(listed)" != "$before" ]; then
  echo "Planning has moved files." >&2
  exit 1
fi
organize run downloads
if [ "$(listed)" = "$before" ]; then
  echo "Running has moved nothing." >&2
  exit 1
fi
organize undo
if [ "$(listed)" != "$before" ]; then
  echo "Undoing has not brought back every file." >&2
  exit 1
fi
echo "The image works."
