using System.Globalization;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Series on a plot, as curves or as points.</summary>
internal sealed class SeriesDrawing
{
    private readonly Frame _frame;
    private readonly (double X, double Y)[][] _series;

    public SeriesDrawing(
        string title,
        string xLabel,
        string yLabel,
        IReadOnlyList<Series> series,
        bool logX = false,
        bool logY = false,
        bool areDots = false
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        foreach (Series one in series)
        {
            if (one.X.Count != one.Y.Count)
                Core.Errors.option<Unit>($"series '{one.Name}'", $"{one.X.Count} X and {one.Y.Count} Y", "as many of both", "");
        }

        _series = [.. series.Select(one => one.X.Zip(one.Y).ToArray())];
        // A point that has no place on one axis must not stretch the other.
        (double X, double Y)[] points =
        [
            .. from point in _series.SelectMany(one => one)
            where double.IsFinite(point.X) && double.IsFinite(point.Y) && (!logX || point.X > 0) && (!logY || point.Y > 0)
            select point,
        ];
        _frame = new Frame(
            title,
            new Measure(xLabel, points.Select(point => point.X), 0.02, 0.02, logX),
            new Measure(yLabel, points.Select(point => point.Y), IsLogarithmic: logY),
            series.Count > 1 ? [.. series.Select(one => one.Name)] : [],
            areDots
        );
        if (!_series.Any(one => one.Any(Has)))
            _frame.Note("no numbers");
    }

    /// <summary>Joins the points of each series in their order.</summary>
    public void Curves()
    {
        for (int i = 0; i < _series.Length; i++)
        {
            IReadOnlyList<(double X, double Y)>[] stretches = [.. Stretches(_series[i])];
            foreach (IReadOnlyList<(double X, double Y)> stretch in stretches.Where(stretch => stretch.Count > 1))
                _frame.Canvas.Path($"M{string.Join('L', stretch.Select(Place))}", Palette.Colour(i), 1.8, Palette.Dash(i));
            // A point between two gaps has no neighbour to be joined to.
            Dots(stretches.Where(stretch => stretch.Count == 1).Select(stretch => stretch[0]), i, 5);
        }
    }

    /// <summary>Draws each point by itself.</summary>
    public void Points()
    {
        for (int i = 0; i < _series.Length; i++)
            Dots(_series[i].Where(Has), i, 4.5);
    }

    public Chart ToChart() => _frame.Canvas.ToChart();

    private bool Has((double X, double Y) point) => _frame.Has(point.X, point.Y);

    /// <summary>The points between gaps.</summary>
    private IEnumerable<IReadOnlyList<(double X, double Y)>> Stretches(IEnumerable<(double X, double Y)> points)
    {
        List<(double X, double Y)> stretch = [];
        foreach ((double X, double Y) point in points)
        {
            if (Has(point))
            {
                stretch.Add(point);
            }
            else if (stretch.Count > 0)
            {
                yield return stretch;
                stretch = [];
            }
        }

        if (stretch.Count > 0)
            yield return stretch;
    }

    private void Dots(IEnumerable<(double X, double Y)> points, int series, double size) =>
        _frame.Canvas.Dots(points.Select(point => (_frame.X(point.X), _frame.Y(point.Y))), series, size);

    private string Place((double X, double Y) point) =>
        string.Create(CultureInfo.InvariantCulture, $"{_frame.X(point.X):0.#} {_frame.Y(point.Y):0.#}");
}
