"""What a run that was killed has left is cleared away, and nothing else."""

from pathlib import Path

from seedbed.housekeeping import tidy


def test_locks_empty_refs_and_temporary_folders_go_and_all_else_stays(tmp_path: Path) -> None:
    left = [
        *("vendor.git/packed-refs.lock", "vendor.git/refs/heads/ada.lock"),
        *("vendor.git/objects/info/commit-graph.lock", "template.git/shallow.lock"),
        *("vendor.git/refs/heads/ada", "template.git/refs/tags/v1.0.0", "tmp/scratch-1/HEAD"),
    ]
    kept = ["lock", "log.jsonl", "vendor.git/HEAD", "vendor.git/packed-refs"]
    for name in (*left, *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "vendor.git" / "refs" / "heads" / "bob").write_text("1a2b3c4\n")

    tidy(tmp_path)

    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {*kept, ".gitignore", "vendor.git/refs/heads/bob"}
    assert (tmp_path / ".gitignore").read_text() == "*\n"
    assert not (tmp_path / "tmp").exists()


def test_where_nothing_was_begun_there_is_nothing_to_clear(tmp_path: Path) -> None:
    tidy(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [".gitignore"]
