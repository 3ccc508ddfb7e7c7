using System.Text.Json.Nodes;
using Functional.Cli;
using Functional.Workloads;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit;

namespace Functional.Tests;

public class GrowthTests
{
    [Fact]
    public void A_straight_line_is_found()
    {
        (double apart, double slope) = Growth.straight(Points((1, 5.5), (10, 10), (1000, 505)));
        Assert.Equal(5, apart, 1e-9);
        Assert.Equal(0.5, slope, 1e-9);
        // Too few points to tell a fixed part.
        Assert.Equal((0.0, 2.0), Growth.straight(Points((1, 2), (3, 6))).ToValueTuple());
    }

    [Fact]
    public void Points_count_by_how_far_they_are_in_parts_of_themselves()
    {
        // 10 % off at a small and at a large size: neither decides alone.
        (double apart, double slope) = Growth.straight(Points((1, 1.1), (10, 10), (100, 100), (1000, 1100)));
        Assert.All(
            ((double Work, double Time)[])[(1, 1.1), (10, 10), (100, 100), (1000, 1100)],
            point => Assert.InRange((apart + slope * point.Work) / point.Time, 0.9, 1.1)
        );
    }

    [Fact]
    public void The_first_point_does_not_count_and_the_farthest_does()
    {
        GrowthLine line = Sleeping([1, 2, 3]);
        Grown grown = new(
            line,
            ListModule.OfSeq<GrowthPoint>([new(1, 1, 50, 0), new(2, 1, 2, 0), new(3, 1, 3.6, 0)]),
            fixedMs: 0,
            msPerWork: 1
        );
        Assert.Equal(0.2, grown.Deviation, 1e-12);
    }

    [Fact]
    public void Lines_are_measured_written_and_drawn()
    {
        using TemporaryFolder folder = new();
        Result result = BenchScaling.Run(folder["scaling"], Comparison.defaults(1), [Sleeping([10, 20, 40, 80])]);
        JsonNode written = JsonNode.Parse(File.ReadAllText(folder["scaling/scaling.json"]))!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result.Json.ToJsonString()), written));
        JsonNode line = written["lines"]!.AsArray().Single()!;
        double[] times = [.. line["points"]!.AsArray().Select(point => point!["ms"]!.GetValue<double>())];
        Assert.Equal(4, times.Length);
        Assert.All(times.Zip([10, 20, 40, 80]), pair => Assert.True(pair.First >= pair.Second, $"{pair}"));
        Assert.Equal(times[3] / 8, line["points"]![3]!["ms_per_image"]!.GetValue<double>(), 1e-9);
        Assert.Contains("milliseconds of sleep", File.ReadAllText(folder["scaling/sleep.svg"]));
        Assert.Contains("milliseconds of sleep, 10 to 80", result.Text);
    }

    /// <summary>Steps that take as many milliseconds as their size, or more where others want the processor, for a tenth as many images.</summary>
    private static GrowthLine Sleeping(int[] sizes) =>
        new(
            "sleep",
            "milliseconds of sleep",
            ListModule.OfSeq(sizes),
            FSharpFunc<int, double>.FromConverter(size => size),
            "sleepers wake late",
            FuncConvert.FromFunc<int, int, Prepared>(
                (_, size) =>
                    new Prepared(
                        size / 10,
                        FSharpFunc<Unit, double>.FromConverter(_ =>
                        {
                            Thread.Sleep(size);
                            return 0;
                        }),
                        FSharpFunc<Unit, Unit>.FromConverter(_ => null!)
                    )
            )
        );

    private static FSharpList<Tuple<double, double>> Points(params (double, double)[] points) =>
        ListModule.OfSeq(points.Select(point => point.ToTuple()));
}
