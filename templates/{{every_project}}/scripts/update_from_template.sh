#!/bin/sh
# Bring the newest version of the template into a branch, and open a pull request for it. The workflow
# `template.yml` runs this every week. It needs a clean tree, uv, and gh with GH_TOKEN.
#
# CAN_CHANGE_WORKFLOWS says `true` if that token may push changes of workflows, which the token that
# GitHub gives to a workflow may not. Then an issue says what is to be done by hand.
set -eu

branch=template-update
text=$(mktemp)
trap 'rm -f "$text"' EXIT

version() {
  sed -n 's/^_commit: //p' .copier-answers.yml
}

before=$(version)
uvx --from 'copier>=9.19,<10' copier update --defaults --quiet
after=$(version)
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

git switch --quiet --force-create "$branch"
git -c user.name='github-actions[bot]' \
  -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit --quiet --message "$title"
# Git asks gh for the token when it pushes.
gh auth setup-git
git push --quiet --force origin "$branch"
if [ -z "$(gh pr list --state open --head "$branch" --json number --jq '.[0].number')" ]; then
  gh pr create --head "$branch" --title "$title" --body-file "$text"
else
  gh pr edit "$branch" --title "$title" --body-file "$text"
fi
