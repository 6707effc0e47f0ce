"""What benchmarks/serving.py measured, as a table for a terminal, a page and a picture."""

from collections.abc import Mapping

from benchmarks.load_generator import Measured

Found = Mapping[str, Mapping[str, Measured]]
_TARGETS = {
    "median_one": (2.0, "median, one connection (ms)", "at most 2"),
    "p99_many": (40.0, "p99, 16 connections (ms)", "at most 40"),
    "times_mlflow": (20.0, "requests a second, times `mlflow models serve`", "at least 20"),
    "times_plain": (3.0, "requests a second, times FastAPI + pyfunc", "at least 3"),
    "orders_in_lists": (20_000.0, "orders a second in lists of 1,000, one process", "at least 20,000"),
}
_AT_MOST = ("median_one", "p99_many")
_BAR, _GAP, _WIDE, _LEFT = 26, 14, 460, 190


def table(found: Found, figures: Mapping[str, float]) -> str:
    """Who answers how fast, and what was wanted."""
    lines = [f"{'':<22}{'conn.':>6}{'a second':>10}{'median':>9}{'p95':>8}{'p99':>8}  ms"]
    for name, ways in found.items():
        for many, one in ways.items():
            lines.append(f"{name:<22}{many:>6}{one.rate:>10,.0f}{one.median:>9.2f}{one.p95:>8.2f}{one.p99:>8.2f}")
    lines += [f"{words}: {figures[name]:,.4g} (wanted: {wanted})" for name, (_, words, wanted) in _TARGETS.items()]
    return "\n".join(lines)


def page(found: Found, figures: Mapping[str, float]) -> str:
    """The page of docs/."""
    rows = "\n".join(
        f"| {name} | {many} | {one.rate:,.0f} | {one.median:.2f} | {one.p95:.2f} | {one.p99:.2f} |"
        for name, ways in found.items()
        for many, one in ways.items()
    )
    marks = "\n".join(
        f"| {words} | {figures[name]:,.4g} | {wanted} | {'yes' if _is_met(name, figures[name]) else '**no**'} |"
        for name, (_, words, wanted) in _TARGETS.items()
    )
    return f"""# How fast orders are scored

Written by `python -m benchmarks.serving --page`: all in one run on one machine, each server alone in one process, asked
by a process of its own. One order a request; the peers get the model's features ready made and know no rules, no queue
and no stock, which the service looks at for every order.

![requests a second](serving-measured.svg)

| server | connections | requests a second | median ms | p95 ms | p99 ms |
|---|---|---|---|---|---|
{rows}

| wanted | measured | mark | met |
|---|---|---|---|
{marks}
"""


def svg(found: Found) -> str:
    """Requests a second at the most connections, as bars."""
    rates = {name: list(ways.values())[-1].rate for name, ways in found.items()}
    most, parts = max(rates.values()), []
    for at, (name, rate) in enumerate(rates.items()):
        y, width = at * (_BAR + _GAP) + 8, max(1.0, _WIDE * rate / most)
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 17}" text-anchor="end">{name}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="{_BAR}" fill="#2f6f8f"/>'
            f'<text x="{_LEFT + width + 6:.0f}" y="{y + 17}">{rate:,.0f}</text>'
        )
    high = len(rates) * (_BAR + _GAP) + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 70} {high}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>Requests a second</title>{"".join(parts)}</svg>\n'
    )


def _is_met(name: str, value: float) -> bool:
    wanted = _TARGETS[name][0]
    return value <= wanted if name in _AT_MOST else value >= wanted
