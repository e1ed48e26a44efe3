#!/bin/sh
# Does the image do what it is for? Refuse production without a secret; with one, migrate a database
# in a volume, serve it, and stop when asked to. Usage: smoke_image.sh IMAGE
set -eu

image=$1
name=smoke-$$
secret=0123456789abcdef0123456789abcdef
trap 'docker rm --force "$name" >/dev/null 2>&1; docker volume rm --force "$name" >/dev/null' EXIT

fail() {
  echo "$1" >&2
  docker logs "$name" >&2 2>/dev/null || true
  exit 1
}

if [ "$(docker run --rm --entrypoint id "$image" -u)" = 0 ]; then
  fail "The image runs as root."
fi
if refusal=$(docker run --rm "$image" 2>&1); then
  fail "The image starts in production without SECRET_KEY."
fi
case $refusal in
  *SECRET_KEY*) ;;
  *) fail "The image does not start, and not for want of SECRET_KEY: $refusal" ;;
esac

docker run --rm --env SECRET_KEY="$secret" --volume "$name:/data" "$image" migrate
docker run --detach --name "$name" --env SECRET_KEY="$secret" --volume "$name:/data" \
  --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges:true \
  --health-interval 1s "$image"

seconds=0
until [ "$(docker inspect --format '{{.State.Health.Status}}' "$name")" = healthy ]; do
  seconds=$((seconds + 1))
  if [ "$seconds" -gt 60 ]; then
    fail "The image is not healthy after a minute."
  fi
  sleep 1
done
docker exec "$name" python -c \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=5)" ||
  fail "The image does not reach its database."

docker stop --time 10 "$name"
code=$(docker inspect --format '{{.State.ExitCode}}' "$name")
case $code in
  0 | 143) ;;
  *) fail "The image did not stop on SIGTERM but ended with $code." ;;
esac
echo "The image works."
