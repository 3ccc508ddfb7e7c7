using System.Globalization;

namespace Functional;

/// <summary>A matrix as coloured cells with a scale of the colours beside it.</summary>
internal sealed class HeatMapDrawing
{
    private const double PlotWidth = 500;
    private const double PlotHeight = 420;
    private const double LargestCell = 64;
    private const double NameSize = 11;
    private const string Missing = "#B8B8B8";

    private readonly double[,] _values;
    private readonly Axis _scale;
    private readonly string _format;
    private readonly double _low;
    private readonly double _high;
    private readonly double _cellWidth;
    private readonly double _cellHeight;

    private HeatMapDrawing(double[,] values)
    {
        _values = values;
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        (_low, _high) = finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
        _format = NumberFormat(finite);
        _cellWidth = Math.Min(LargestCell, PlotWidth / Columns);
        _cellHeight = Math.Min(LargestCell, PlotHeight / Rows);
        // Square cells, unless they would be too thin to see.
        if (Math.Min(_cellWidth, _cellHeight) >= 5)
            _cellWidth = _cellHeight = Math.Min(_cellWidth, _cellHeight);
        _scale = new Axis(new Measure("", [_low, _high], 0, 0), ScaleHeight);
    }

    private int Rows => _values.GetLength(0);

    private int Columns => _values.GetLength(1);

    private double ScaleHeight => Math.Max(100, Rows * _cellHeight);

    private bool IsSigned => _low < 0 && _high > 0;

    public static Chart Draw(
        string title,
        string xLabel,
        string yLabel,
        double[,] values,
        IReadOnlyList<string>? rows,
        IReadOnlyList<string>? columns
    )
    {
        HeatMapDrawing drawing = new(values);
        return drawing.Draw(title, xLabel, yLabel, rows ?? Numbers(drawing.Rows), columns ?? Numbers(drawing.Columns), columns is not null);
    }

    private Chart Draw(
        string title,
        string xLabel,
        string yLabel,
        IReadOnlyList<string> rows,
        IReadOnlyList<string> columns,
        bool hasColumnNames
    )
    {
        // Names are read one by one, so they turn rather than disappear; numbers can be counted on.
        bool areTurned = hasColumnNames && Widest(columns) > _cellWidth - 4;
        IReadOnlyList<Tick> ticks = _scale.Ticks(_ => 2 * NameSize);
        double left = 44 + Widest(rows);
        double plot = Columns * _cellWidth;
        double right = 24 + 16 + 12 + Widest(ticks.Select(tick => tick.Label));
        int width = (int)Math.Ceiling(Math.Max(360, left + plot + right + 8));
        SvgCanvas measured = new(width, 0, title);
        double top = Frame.Heading(measured, title, width);
        double names = areTurned ? Widest(columns) + 12 : 20;
        double bottom = top + Math.Max(ScaleHeight, Rows * _cellHeight);
        SvgCanvas canvas = new(width, (int)Math.Ceiling(bottom + names + 24), title);
        Frame.Heading(canvas, title, width);
        DrawCells(canvas, left, top);
        DrawRowNames(canvas, rows, left, top);
        DrawColumnNames(canvas, columns, left, top + Rows * _cellHeight, areTurned);
        canvas.Text(left + plot / 2, top + Rows * _cellHeight + names + 14, xLabel, 12);
        canvas.Text(18, top + Rows * _cellHeight / 2, yLabel, 12, isTurned: true);
        DrawScale(canvas, ticks, left + plot + 24, top);
        return canvas.ToChart();
    }

    private void DrawCells(SvgCanvas canvas, double left, double top)
    {
        bool hasRoom =
            _cellHeight >= 14
            && _values.Cast<double>().All(value => !double.IsFinite(value) || SvgCanvas.TextWidth(Show(value), 11) <= _cellWidth - 3);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                double value = _values[row, column];
                (double x, double y) = (left + column * _cellWidth, top + row * _cellHeight);
                canvas.Area(x, y, _cellWidth, _cellHeight, double.IsFinite(value) ? Palette.Shade(Level(value)) : Missing);
                if (hasRoom && double.IsFinite(value))
                    canvas.Text(
                        x + _cellWidth / 2,
                        y + _cellHeight / 2 + 4,
                        Show(value),
                        11,
                        fill: Palette.IsDark(Level(value)) ? "#FFFFFF" : SvgCanvas.Ink
                    );
            }
        }

        Outline(canvas, left, top, Columns * _cellWidth, Rows * _cellHeight);
    }

    private void DrawRowNames(SvgCanvas canvas, IReadOnlyList<string> names, double left, double top)
    {
        for (int row = 0; row < Rows; row += Every(_cellHeight, NameSize + 2))
            canvas.Text(left - 7, top + (row + 0.5) * _cellHeight + 4, names[row], NameSize, Anchor.End);
    }

    private void DrawColumnNames(SvgCanvas canvas, IReadOnlyList<string> names, double left, double y, bool areTurned)
    {
        for (int column = 0; column < Columns; column += Every(_cellWidth, areTurned ? NameSize + 2 : Widest(names) + 4))
        {
            double x = left + (column + 0.5) * _cellWidth;
            if (areTurned)
                canvas.Text(x + 4, y + 7, names[column], NameSize, Anchor.End, isTurned: true);
            else
                canvas.Text(x, y + 17, names[column], NameSize);
        }
    }

    private void DrawScale(SvgCanvas canvas, IReadOnlyList<Tick> ticks, double left, double top)
    {
        const int Steps = 64;
        double step = ScaleHeight / Steps;
        for (int i = 0; i < Steps; i++)
            canvas.Area(left, top + i * step, 16, step, Palette.Shade(Level(_high + (_low - _high) * (i + 0.5) / Steps)));
        Outline(canvas, left, top, 16, ScaleHeight);
        foreach (Tick tick in ticks)
        {
            double y = top + ScaleHeight - _scale.At(tick.Value);
            canvas.Line(left + 16, y, left + 20, y, SvgCanvas.Ink);
            canvas.Text(left + 24, y + 4, tick.Label, NameSize, Anchor.Start);
        }
    }

    private static void Outline(SvgCanvas canvas, double x, double y, double wide, double high) =>
        canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}h{wide:0.#}v{high:0.#}h{-wide:0.#}z"), "#888888", 1);

    /// <summary>Where a value lies from white, 0, to the darkest shade, 1 or −1.</summary>
    private double Level(double value) =>
        IsSigned ? value / Math.Max(-_low, _high)
        : _high > _low ? (value - _low) / (_high - _low)
        : 0;

    /// <summary>How many cells one name needs.</summary>
    private static int Every(double cell, double room) => Math.Max(1, (int)Math.Ceiling(room / cell));

    private static double Widest(IEnumerable<string> texts) =>
        texts.Select(text => SvgCanvas.TextWidth(text, NameSize)).DefaultIfEmpty(0).Max();

    /// <summary>All numbers to the same place: whole ones as they are, others so that the largest has three digits.</summary>
    private static string NumberFormat(IReadOnlyList<double> values)
    {
        double largest = values.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return largest is > 0 and (< 1e-3 or >= 1e6) ? "G3"
            : values.All(value => value == Math.Floor(value)) ? "F0"
            : $"F{Math.Max(0, 2 - (int)Math.Floor(Math.Log10(largest)))}";
    }

    private string Show(double value) => value.ToString(_format, CultureInfo.InvariantCulture).Replace('-', '−');

    private static IReadOnlyList<string> Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
}
