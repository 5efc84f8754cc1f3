"""Draws time and private memory over the number of rows: two panels of one SVG, by hand, with no library."""

import math

WIDTH, HEIGHT = 760, 300
PANELS = ((60, 300), (440, 300))  # left edge and width of each
TOP, BOTTOM = 58, 246
INK, FAINT, GRID, MARK, GUIDE = "#1f2328", "#59636e", "#e3e6ea", "#0b63b0", "#9aa4ae"


def text(x, y, words, anchor="middle", size=12, fill=INK, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
            f'fill="{fill}">{words}</text>')


def line(x1, y1, x2, y2, stroke, width=1.0, dash=""):
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width}"{dashed}/>'


def series(points, anchor="middle"):
    """A line with marked points, each with its value above (or, of a steep line, above and to the left)."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    parts = [f'<polyline points="{path}" fill="none" stroke="{MARK}" stroke-width="2"/>']
    for x, y, label in points:
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{MARK}" stroke="#ffffff" stroke-width="1.5"/>')
        parts.append(text(x - (8 if anchor == "end" else 0), y - (6 if anchor == "end" else 10), label, anchor=anchor))
    return parts


def shown_rows(rows):
    return f"{rows / 1e6:g} M"


def shown_seconds(seconds):
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


class Panel:
    def __init__(self, number, rows):
        self.left, self.width = PANELS[number]
        self.low, self.high = math.log10(min(rows)) - 0.5, math.log10(max(rows)) + 0.2

    def x(self, rows):
        return self.left + self.width * (math.log10(rows) - self.low) / (self.high - self.low)

    def frame(self, title, told, rows):
        parts = [text(self.left, 20, title, anchor="start", size=14, weight="bold"),
                 text(self.left, 38, told, anchor="start", fill=FAINT),
                 line(self.left, BOTTOM, self.left + self.width, BOTTOM, FAINT)]
        parts += [text(self.x(one), BOTTOM + 18, shown_rows(one), fill=FAINT) for one in rows]
        parts.append(text(self.left + self.width / 2, BOTTOM + 38, "rows", fill=FAINT))
        return parts

    def grid(self, ticks, y, show):
        parts = []
        for tick in ticks:
            parts.append(line(self.left, y(tick), self.left + self.width, y(tick), GRID))
            parts.append(text(self.left - 6, y(tick) + 4, show(tick), anchor="end", fill=FAINT))
        return parts


def time_panel(points):
    """Both axes logarithmic: time that grows as the rows do is parallel to the broken line."""
    rows = [point["rows"] for point in points]
    panel = Panel(0, rows)
    low = math.floor(math.log10(min(point["seconds"] for point in points)))
    high = math.ceil(math.log10(max(point["seconds"] for point in points)) + 0.15)

    def y(seconds):
        return BOTTOM - (BOTTOM - TOP) * (math.log10(seconds) - low) / (high - low)

    last = points[-1]
    per_row = last["seconds"] / last["rows"]
    first = max(rows[0], 10**low / per_row)
    return (panel.frame("Time, rows to totals", f"broken line: {per_row * 1e9:.0f} ns a row", rows)
            + panel.grid([10.0**power for power in range(low, high + 1)], y, lambda tick: f"{tick:g} s")
            + [line(panel.x(first), y(per_row * first), panel.x(rows[-1]), y(last["seconds"]), GUIDE, 1.2, "5 4")]
            + series([(panel.x(p["rows"]), y(p["seconds"]), shown_seconds(p["seconds"])) for p in points], anchor="end"))


def nice_step(most):
    step = 10 ** math.floor(math.log10(most / 2))
    return next(step * factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 5)


def memory_panel(points):
    rows = [point["rows"] for point in points]
    panel = Panel(1, rows)
    most = max(point["private_mib"] for point in points) * 1.25
    step = nice_step(most)

    def y(mib):
        return BOTTOM - (BOTTOM - TOP) * mib / most

    slope = (points[-1]["private_mib"] - points[0]["private_mib"]) * 2**20 / (rows[-1] - rows[0])
    ticks = [step * i for i in range(int(most / step) + 1)]
    told = f"mapped files not counted; {slope:+.1f} bytes a row"
    return (panel.frame("Private memory", told, rows) + panel.grid(ticks, y, lambda tick: f"{tick:g} MiB")
            + series([(panel.x(p["rows"]), y(p["private_mib"]), f'{p["private_mib"]:.0f}') for p in points], anchor="end"))


def growth_chart(points):
    """SVG of points with rows, seconds and private_mib, in the order of rows."""
    told = "; ".join(f"{shown_rows(p['rows'])} rows: {shown_seconds(p['seconds'])}, {p['private_mib']:.0f} MiB" for p in points)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
             'font-family="Helvetica, Arial, sans-serif" role="img">',
             f"<title>Time and private memory as rows grow: {told}</title>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
             *time_panel(points), *memory_panel(points), "</svg>"]
    return "\n".join(parts) + "\n"
