using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// Draws numbers as SVG pictures of 640 pixels' width on white. Colours are told apart by colour-blind people too; numbers that are not
/// finite are gaps; equal inputs give equal bytes on every machine.
/// </summary>
public static class Charts
{
    /// <summary>Curves: the points of each series in their order, joined.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xLabel">What runs from left to right, with its unit.</param>
    /// <param name="yLabel">What runs from below to above, with its unit.</param>
    /// <param name="series">The curves; there may be none, and they may be empty.</param>
    /// <param name="logY">Whether equal factors of Y are equally far apart; values of 0 and less are gaps then.</param>
    /// <param name="logX">The same of X.</param>
    /// <exception cref="ArgumentException">a series has not as many Y as X.</exception>
    public static Chart Lines(
        string title,
        string xLabel,
        string yLabel,
        IReadOnlyList<Series> series,
        bool logY = false,
        bool logX = false
    )
    {
        SeriesDrawing drawing = new(title, xLabel, yLabel, series, logX, logY);
        drawing.Curves();
        return drawing.ToChart();
    }

    /// <summary>Points, one for each pair of numbers.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xLabel">What runs from left to right, with its unit.</param>
    /// <param name="yLabel">What runs from below to above, with its unit.</param>
    /// <param name="series">The clouds of points, each in its colour.</param>
    /// <exception cref="ArgumentException">a series has not as many Y as X.</exception>
    public static Chart Scatter(string title, string xLabel, string yLabel, IReadOnlyList<Series> series)
    {
        SeriesDrawing drawing = new(title, xLabel, yLabel, series, areDots: true);
        drawing.Points();
        return drawing.ToChart();
    }

    /// <summary>
    /// A matrix as coloured cells, row 0 on top, with the numbers in them where they fit. Colours go from white at the least number to dark
    /// blue at the largest; when there are negative and positive ones, from dark vermillion over white at 0 to dark blue.
    /// </summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xLabel">What the columns are.</param>
    /// <param name="yLabel">What the rows are.</param>
    /// <param name="values">[rows, columns]; cells that are not finite stay grey.</param>
    /// <param name="rows">The names of the rows, or null for their numbers from 0.</param>
    /// <param name="columns">The names of the columns, or null for their numbers from 0.</param>
    /// <exception cref="ArgumentException">there are no values, or not as many names as rows or columns.</exception>
    public static Chart HeatMap(
        string title,
        string xLabel,
        string yLabel,
        double[,] values,
        IReadOnlyList<string>? rows = null,
        IReadOnlyList<string>? columns = null
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0)
            Core.Errors.option<Unit>("values", "no numbers", "one row and one column or more", "");
        CheckNames("rows", rows, values.GetLength(0));
        CheckNames("columns", columns, values.GetLength(1));
        return HeatMapDrawing.Draw(title, xLabel, yLabel, values, rows, columns);
    }

    /// <summary>How many numbers fall into each of equally wide bins from the least to the largest.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xLabel">What the numbers are, with their unit.</param>
    /// <param name="values">The numbers; how many are not finite and so in no bin is said under the axis.</param>
    /// <param name="bins">How many bins; numbers that are all equal have one.</param>
    /// <exception cref="ArgumentException">fewer than one bin.</exception>
    public static Chart Histogram(string title, string xLabel, IReadOnlyList<double> values, int bins = 30)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (bins < 1)
            Core.Errors.option<Unit>("bins", $"{bins}", "1 or more", "");
        return HistogramDrawing.Draw(title, xLabel, values, bins);
    }

    private static void CheckNames(string option, IReadOnlyList<string>? names, int count)
    {
        if (names is not null && names.Count != count)
            Core.Errors.option<Unit>(option, $"{names.Count} names", $"{count}, one for each", "");
    }
}
