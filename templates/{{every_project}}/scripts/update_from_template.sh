#!/bin/sh
# Bring the newest version of the template into a branch, and open a pull request for it. The workflow
# `template.yml` runs this every week. It needs a clean tree, uv, and gh with GH_TOKEN.
#
# CAN_CHANGE_WORKFLOWS says `true` if that token may push changes of workflows, which the token that
# GitHub gives to a workflow may not. Then an issue says what is to be done by hand.
set -eu

branch=template-update
email='41898282+github-actions[bot]@users.noreply.github.com'
text=$(mktemp)
trap 'rm -f "$text"' EXIT

answer() {
  sed -n "s/^$1: //p" .copier-answers.yml
}

source=$(answer _src_path)
case $source in
  /* | .* | [A-Za-z]:*)
    if [ ! -d "$source" ]; then
      echo "The template, $source, is a folder of another machine. Write the address of its Git" >&2
      echo "repository into .copier-answers.yml, under _src_path, or delete the workflow template.yml." >&2
      exit 1
    fi
    ;;
esac

before=$(answer _commit)
uvx --from 'copier>=9.19,<10' copier update --defaults --quiet
after=$(answer _commit)
if [ -z "$(git status --porcelain)" ]; then
  echo "There is nothing newer than $before."
  exit 0
fi
title="Update from the template: $before to $after"
conflicts=$(git diff --name-only --diff-filter=U)
git add --all
workflows=$(git diff --cached --name-only -- .github/workflows)

{
  echo "The template that this project grew from has changed from $before to $after."
  if [ -n "$conflicts" ]; then
    printf '\nHere both sides changed the same lines. Edit each marked place, then commit:\n\n'
    echo "$conflicts" | sed 's/^/- /'
  else
    printf '\nNothing conflicts with what was changed here. Look at the difference all the same.\n'
  fi
} > "$text"

if [ -n "$workflows" ] && [ "${CAN_CHANGE_WORKFLOWS-}" != true ]; then
  {
    printf '\nIt changes workflows, which only a person may push. On your machine:\n\n'
    printf '    uvx copier update\n    git status\n\n'
    printf 'CONTRIBUTING.md says how to go on, and which token lets this be a pull request.\n'
  } >> "$text"
  number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number')
  if [ -z "$number" ]; then
    gh issue create --title "$title" --body-file "$text"
  fi
  exit 0
fi

# Git asks gh for the token.
gh auth setup-git
number=$(gh pr list --state open --head "$branch" --json number --jq '.[0].number')
pushed=$(git ls-remote origin "refs/heads/$branch" | cut -f 1)
if [ -n "$number" ] && [ -n "$pushed" ]; then
  git fetch --quiet --depth 1 origin "$pushed"
  if [ "$(git log -1 --format=%ce "$pushed")" != "$email" ]; then
    echo "Somebody works on pull request $number, so it is left alone. Merge it; then the next one comes."
    exit 0
  fi
fi
git switch --quiet --force-create "$branch"
git -c user.name='github-actions[bot]' -c user.email="$email" commit --quiet --message "$title"
# Not over what was pushed in the meantime.
git push --quiet --force-with-lease="refs/heads/$branch:$pushed" origin "$branch"
if [ -z "$number" ]; then
  gh pr create --head "$branch" --title "$title" --body-file "$text"
else
  gh pr edit "$branch" --title "$title" --body-file "$text"
fi
