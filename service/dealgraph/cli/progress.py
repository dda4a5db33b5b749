"""A progress bar on standard error, silent where nobody watches."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """One bar for each stage of a long job, in the order in which they begin."""

    def __init__(self, quiet: bool) -> None:
        console = Console(stderr=True, quiet=quiet)
        self._progress = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self._stages: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, stage: str, done: int, total: int) -> None:
        """Say that *done* of *total* steps of a stage are behind us."""
        if stage not in self._stages:
            for earlier in self._stages.values():
                task = self._progress.tasks[earlier]
                self._progress.update(task.id, completed=task.total)
            self._stages[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._progress.tasks[self._stages[stage]].id, completed=done)
