using System.Globalization;
using Xunit;

namespace Functional.Tests;

public class ChartTests
{
    private static readonly double[] Three = [1, 2, 3];

    [Fact]
    public void A_value_lies_where_its_label_says()
    {
        SvgText svg = new(Charts.Lines("t", "x", "y", [new Series("a", [0, 1, 2, 4], [100, 200, 250, 300])]));
        IReadOnlyList<(double X, double Y)> corners = SvgText.Corners(svg.Paths.Single());
        Assert.Equal(svg.Rows.Single(row => row.Label == "200").Y, corners[1].Y, 0.11);
        Assert.Equal(svg.Rows.Single(row => row.Label == "300").Y, corners[3].Y, 0.11);
        Assert.Equal(svg.Columns.Single(column => column.Label == "2").X, corners[2].X, 0.11);
        Assert.Equal(svg.Columns.Single(column => column.Label == "4").X, corners[3].X, 0.11);
    }

    [Fact]
    public void Equal_factors_are_equally_far_apart_on_a_logarithmic_axis()
    {
        SvgText svg = new(Charts.Lines("t", "x", "y", [new Series("a", [0, 1, 2, 3, 4], [1e-3, 1e-1, 1e1, 0, -5])], logY: true));
        IReadOnlyList<(double X, double Y)> corners = SvgText.Corners(svg.Paths.Single());
        Assert.Equal(3, corners.Count);
        Assert.Equal(corners[0].Y - corners[1].Y, corners[1].Y - corners[2].Y, 0.21);
        Assert.Equal(svg.Rows.Single(row => row.Label == "0.1").Y, corners[1].Y, 0.11);
        SvgText both = new(Charts.Lines("t", "x", "y", [new Series("a", [-1, 1, 10, 1000], [5, 2, 20, 2000])], logY: true, logX: true));
        corners = SvgText.Corners(both.Paths.Single());
        Assert.Equal(3, corners.Count);
        Assert.Equal(both.Columns.Single(column => column.Label == "10").X, corners[1].X, 0.11);
        // A power law is a straight line.
        Assert.Equal((corners[1].X - corners[0].X) * 2, corners[2].X - corners[1].X, 0.31);
        Assert.Equal((corners[1].Y - corners[0].Y) * 2, corners[2].Y - corners[1].Y, 0.31);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3.7, 12.2)]
    [InlineData(0.01, 0.0123)]
    [InlineData(99.5, 103)]
    [InlineData(999999.2, 999999.9)]
    [InlineData(1, 1.0000004)]
    [InlineData(-5000, -4000)]
    [InlineData(1e9, 3e9)]
    [InlineData(2e-12, 9e-12)]
    [InlineData(-1e300, 1e300)]
    public void Labels_are_multiples_of_1_2_or_5_and_do_not_overlap(double low, double high)
    {
        SvgText svg = new(Charts.Lines("t", "x", "y", [new Series("a", [low, high], [low, high])]));
        double[] rows = [.. svg.Rows.Select(row => row.Y)];
        Assert.InRange(rows.Length, 2, 20);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(Math.Abs(pair.First - pair.Second) >= 15));
        Assert.Equal(rows.Length, svg.Rows.Select(row => row.Label).Distinct().Count());
        (string Label, double X)[] columns = [.. svg.Columns];
        Assert.InRange(columns.Length, 2, 20);
        // A digit is about 6 pixels wide.
        Assert.All(
            columns.Zip(columns.Skip(1)),
            pair => Assert.True(pair.Second.X - pair.First.X >= 3.0 * (pair.First.Label.Length + pair.Second.Label.Length))
        );
        double[] values = [.. svg.Rows.Select(row => Value(row.Label))];
        double step = (values[^1] - values[0]) / (values.Length - 1);
        double digit = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        Assert.Contains(Math.Round(digit, 3), (double[])[1, 2, 5]);
        Assert.All(values, value => Assert.Equal(Math.Round(value / step), value / step, 0.1));
    }

    [Fact]
    public void Whole_numbers_have_no_labels_between_them()
    {
        SvgText svg = new(Charts.Lines("t", "epoch", "y", [new Series("a", Three, Three)]));
        Assert.Equal(["1", "2", "3"], svg.Columns.Select(column => column.Label));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_gaps()
    {
        double[] y = [1, 2, double.NaN, 3, 4, double.PositiveInfinity, 5];
        SvgText svg = new(Charts.Lines("t", "x", "y", [new Series("a", [0, 1, 2, 3, 4, 5, 6], y)]));
        Assert.Equal([2, 2, 1], svg.Paths.Select(path => SvgText.Corners(path).Count));
        SvgText points = new(Charts.Scatter("t", "x", "y", [new Series("a", [0, 1, 2, 3, 4, 5, 6], y)]));
        Assert.Equal(5, SvgText.Corners(points.Paths.Single()).Count);
    }

    [Fact]
    public void What_is_empty_or_constant_is_drawn_too()
    {
        Assert.Contains("no numbers", new SvgText(Charts.Lines("t", "x", "y", [])).Texts);
        Assert.Contains("no numbers", new SvgText(Charts.Scatter("t", "x", "y", [new Series("a", [], [])])).Texts);
        Assert.Contains("no numbers", new SvgText(Charts.Histogram("t", "x", [double.NaN])).Texts);
        Assert.Contains("no numbers", new SvgText(Charts.Lines("t", "x", "y", [new Series("a", [1], [-1])], logY: true)).Texts);
        SvgText constant = new(Charts.Lines("t", "x", "y", [new Series("a", Three, [7, 7, 7])]));
        Assert.Contains("7", constant.Rows.Select(row => row.Label));
        Assert.Single(new SvgText(Charts.Lines("t", "x", "y", [new Series("a", [1], [7])])).Paths);
        Assert.Single(new SvgText(Charts.Histogram("t", "x", [2, 2, 2])).Areas);
        Assert.NotEmpty(new SvgText(Charts.HeatMap("t", "x", "y", new double[1, 1])).Areas);
    }

    [Fact]
    public void Every_series_of_twenty_has_its_own_look_and_its_name()
    {
        Series[] series = [.. Enumerable.Range(0, 20).Select(i => new Series($"series {i}", Three, [i, i + 1, i]))];
        SvgText svg = new(Charts.Lines("t", "x", "y", series));
        Assert.Equal(
            20,
            svg.Paths.Select(path => ((string?)path.Attribute("stroke"), (string?)path.Attribute("stroke-dasharray"))).Distinct().Count()
        );
        Assert.All(series, one => Assert.Contains(one.Name, svg.Texts));
        Assert.DoesNotContain("series 0", new SvgText(Charts.Lines("t", "x", "y", series[..1])).Texts);
    }

    [Fact]
    public void Columns_are_as_high_as_their_bins_are_full()
    {
        SvgText svg = new(Charts.Histogram("t", "x", [0, 0.5, 0.9, 1, 2, 2.5, 3, double.NaN], bins: 3));
        double[] heights = [.. svg.Areas.Select(area => SvgText.Number(area, "height"))];
        Assert.Equal(3, heights.Length);
        Assert.Equal(3 * heights[1], heights[0], 0.05);
        Assert.Equal(heights[0], heights[2]);
        Assert.Contains("x (1 not finite)", svg.Texts);
    }

    [Fact]
    public void A_matrix_shows_its_numbers_row_by_row()
    {
        double[,] values =
        {
            { 900, 7 },
            { double.NaN, 450 },
        };
        SvgText svg = new(Charts.HeatMap("t", "predicted", "true", values, ["cat", "dog"], ["cat", "dog"]));
        Assert.Equal(["900", "7", "450"], svg.Texts.Where(text => text is "900" or "7" or "450").Take(3));
        string[] fills = [.. svg.Areas.Take(4).Select(area => area.Attribute("fill")!.Value)];
        Assert.Equal(4, fills.Distinct().Count());
        Assert.Equal("#FFFFFF", fills[1]);
        Assert.Equal(["cat", "dog"], svg.Rows.Select(row => row.Label).Take(2));
        Assert.Equal(2, svg.Texts.Count(text => text == "dog"));
    }

    [Fact]
    public void Zero_is_white_in_a_matrix_with_both_signs()
    {
        double[,] values =
        {
            { -2, 0, 1 },
        };
        string[] fills =
        [
            .. new SvgText(Charts.HeatMap("t", "x", "y", values)).Areas.Take(3).Select(area => area.Attribute("fill")!.Value),
        ];
        Assert.Equal("#FFFFFF", fills[1]);
        Assert.Equal("#0072B2", fills[2]);
    }

    [Fact]
    public void A_large_matrix_shows_fewer_names_and_no_numbers()
    {
        SvgText svg = new(Charts.HeatMap("t", "x", "y", new double[100, 90]));
        Assert.True(svg.Texts.Count < 80);
    }

    [Fact]
    public void Texts_may_hold_anything()
    {
        const string Nasty = "a < b & \"c\" > 'd' \u0001 \ud800 π";
        SvgText svg = new(Charts.Lines(Nasty, Nasty, Nasty, [new Series(Nasty, Three, Three), new Series("b", Three, Three)]));
        Assert.Equal("a < b & \"c\" > 'd' \uFFFD \uFFFD π", svg.Title);
        // The heading, both axes and the legend.
        Assert.Equal(4, svg.Texts.Count(text => text == svg.Title));
    }

    [Fact]
    public void Equal_inputs_give_equal_bytes_whatever_the_culture()
    {
        string Draw() =>
            Charts.Lines("t", "x", "y", [new Series("a", [0.5, 1.5], [-0.25, 1e-9])]).Svg
            + Charts
                .HeatMap(
                    "t",
                    "x",
                    "y",
                    new double[2, 2]
                    {
                        { 0.5, -1.25 },
                        { 3, 4 },
                    }
                )
                .Svg
            + Charts.Histogram("t", "x", [0.5, 1.25]).Svg;
        string plain = Draw();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(plain, Draw());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_chart_is_saved_as_it_is()
    {
        using TemporaryFolder folder = new();
        Chart chart = Charts.Histogram("t", "x", Three);
        chart.SaveSvg(folder["charts/one.svg"]);
        Assert.Equal(chart.Svg + "\n", File.ReadAllText(folder["charts/one.svg"]));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Assert.Contains(
            "found 3 X and 2 Y",
            Assert.Throws<ArgumentException>(() => Charts.Lines("t", "x", "y", [new Series("a", Three, [1, 2])])).Message
        );
        Assert.Throws<ArgumentException>(() => Charts.Histogram("t", "x", Three, bins: 0));
        Assert.Throws<ArgumentException>(() => Charts.HeatMap("t", "x", "y", new double[0, 3]));
        Assert.Throws<ArgumentException>(() => Charts.HeatMap("t", "x", "y", new double[2, 2], rows: ["a"]));
    }

    /// <summary>The number that a label stands for: −0.5 or 2.0·10⁹.</summary>
    private static double Value(string label)
    {
        string[] parts = label.Replace('−', '-').Split("·10");
        string power =
            parts.Length == 1
                ? "0"
                : string.Concat(parts[1].Select(digit => digit == '⁻' ? '-' : (char)('0' + "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(digit))));
        return double.Parse($"{parts[0]}E{power}", CultureInfo.InvariantCulture);
    }
}
