namespace Functional;

/// <summary>What stands around a plot: the title, the legend, two axes with their ticks, and thin lines through these.</summary>
internal sealed class Frame
{
    private const int Width = 640;
    private const int Height = 400;
    private const int Right = 20;
    private const double TickSize = 11;
    private const double LabelSize = 12;
    private const double TitleSize = 14;

    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _left;
    private readonly double _bottom;

    /// <param name="title">What the chart shows; written in as many lines as it needs.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="legend">The names of the series, or none.</param>
    /// <param name="areDots">Whether the series are points, and not curves.</param>
    public Frame(string title, Measure x, Measure y, IReadOnlyList<string> legend, bool areDots = false)
    {
        Canvas = new SvgCanvas(Width, Height, title);
        double top = Legend(legend, areDots, Heading(Canvas, title, Width));
        _bottom = Height - 46;
        _y = new Axis(y, _bottom - top);
        IReadOnlyList<Tick> rows = _y.Ticks(_ => 2 * TickSize);
        _left = 34 + rows.Select(tick => SvgCanvas.TextWidth(tick.Label, TickSize)).DefaultIfEmpty(0).Max();
        _x = new Axis(x, Width - Right - _left);
        DrawRows(rows, y.Label, top);
        DrawColumns(x.Label);
        Canvas.Line(_left, _bottom, Width - Right, _bottom, SvgCanvas.Ink);
        Canvas.Line(_left, _bottom, _left, top, SvgCanvas.Ink);
    }

    public SvgCanvas Canvas { get; }

    /// <summary>Whether a point can be drawn.</summary>
    public bool Has(double x, double y) => _x.Has(x) && _y.Has(y);

    /// <summary>Pixels from the left edge of the picture.</summary>
    public double X(double value) => _left + _x.At(value);

    /// <summary>Pixels from the upper edge of the picture.</summary>
    public double Y(double value) => _bottom - _y.At(value);

    /// <summary>A text in the middle of the plot, when there is nothing to draw.</summary>
    public void Note(string text) => Canvas.Text((_left + Width - Right) / 2, (_bottom + 40) / 2, text, LabelSize, fill: "#666666");

    /// <summary>Writes the title, and gives the height that it took.</summary>
    public static double Heading(SvgCanvas canvas, string title, double width)
    {
        double y = 8;
        foreach (string line in Wrapped(title, width - 20))
            canvas.Text(width / 2, y += TitleSize + 4, line, TitleSize, isBold: true);
        return y + 14;
    }

    /// <summary>A text in lines of at most a width, broken between words; a longer word has a line of its own.</summary>
    private static IEnumerable<string> Wrapped(string text, double width)
    {
        string line = "";
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && SvgCanvas.TextWidth(longer, TitleSize) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        if (line.Length > 0)
            yield return line;
    }

    /// <summary>Names with their colours in lines under the title, and the height where they end.</summary>
    private double Legend(IReadOnlyList<string> names, bool areDots, double y)
    {
        double swatch = areDots ? 8 : 20;
        double x = 34;
        for (int i = 0; i < names.Count; i++)
        {
            double wide = swatch + 6 + SvgCanvas.TextWidth(names[i], LabelSize) + 16;
            if (i > 0 && x + wide > Width - Right)
                (x, y) = (34, y + LabelSize + 6);
            if (areDots)
                Canvas.Dots([(x + swatch / 2, y)], i, 8);
            else
                Canvas.Line(x, y, x + swatch, y, Palette.Colour(i), 3, Palette.Dash(i));
            Canvas.Text(x + swatch + 6, y + 4, names[i], LabelSize, Anchor.Start);
            x += wide;
        }

        return names.Count == 0 ? y : y + 16;
    }

    private void DrawRows(IReadOnlyList<Tick> ticks, string label, double top)
    {
        foreach (Tick tick in ticks)
        {
            double y = Y(tick.Value);
            Canvas.Line(_left, y, Width - Right, y, SvgCanvas.Faint);
            Canvas.Text(_left - 7, y + 4, tick.Label, TickSize, Anchor.End);
        }

        Canvas.Text(16, (top + _bottom) / 2, label, LabelSize, isTurned: true);
    }

    private void DrawColumns(string label)
    {
        foreach (Tick tick in _x.Ticks(tick => SvgCanvas.TextWidth(tick.Label, TickSize) + 14))
        {
            double x = X(tick.Value);
            Canvas.Line(x, _bottom, x, _bottom + 5, SvgCanvas.Ink);
            Canvas.Text(x, _bottom + 18, tick.Label, TickSize);
        }

        Canvas.Text((_left + Width - Right) / 2, Height - 9, label, LabelSize);
    }
}
