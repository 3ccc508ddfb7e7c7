using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>sample: a picture of new rows, of a square of codes, of ways from row to row, or of the ways of chains from noise.</summary>
internal static class SampleCommand
{
    private static readonly Argument<string> Source = Switches.Run();
    private static readonly Option<int> Count = Switches.Count(64);
    private static readonly Option<string?> Output = Switches.Output("The PNG file; samples.png when not given.");
    private static readonly Option<long> Seed = Switches.Seed();
    private static readonly Option<int?> Label = Switches.Label("Rows of class N alone, where the model knows classes.");
    private static readonly Option<int> Manifold = Switches.Whole(
        "--manifold",
        2,
        "Instead of draws: a square of N by N codes of two numbers, over the normal's quantiles."
    );
    private static readonly Option<int> Interpolate = Switches.Whole(
        "--interpolate",
        2,
        "Instead of draws: N steps from each row of data to the next; -n counts the lines, 8 when not given."
    );
    private static readonly Option<int> Trajectory = Switches.Whole(
        "--trajectory",
        2,
        "Instead of draws: N pictures of the way of each chain from noise; -n counts the chains, 8 when not given."
    );
    private static readonly Option<bool> Spherical = new("--spherical")
    {
        Description = "With --interpolate: along the arc between two codes and not the straight line.",
    };
    private static readonly Option<string?> Data = Switches.Data("With --interpolate: the data; those of the run when not given.");
    private static readonly Option<string?> DataDir = Switches.DataDir();

    public static Verb Create() =>
        new(
            "sample",
            "Draws from a model.",
            "functional sample runs/letters -n 64 -o samples.png --seed 3",
            Run,
            Source,
            Count,
            Output,
            Seed,
            Label,
            Manifold,
            Interpolate,
            Trajectory,
            Spherical,
            Data,
            DataDir
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        string path = line.GetValue(Output) ?? "samples.png";
        (int side, int steps, int pictures) = (line.GetValue(Manifold), line.GetValue(Interpolate), line.GetValue(Trajectory));
        if (new[] { side, steps, pictures }.Count(number => number > 0) > 1)
            throw new ArgumentException("sample: found several of --manifold, --interpolate and --trajectory, expected one of them.");
        return side > 0 ? Square(source, side, path)
            : steps > 0 ? Ways(source, line, steps, path)
            : pictures > 0 ? FromNoise(source, line, pictures, path)
            : Draws(source, line, path);
    }

    private static Result Draws(ModelSource source, ParseResult line, string path)
    {
        (int count, long seed) = (line.GetValue(Count), line.GetValue(Seed));
        DataRows rows = line.GetValue(Label) is int label
            ? source.Able<IClassSampler>("draw samples of a class").SampleOf(label, count, seed)
            : source.Able<ISampler>("draw samples").Sample(count, seed);
        rows.SavePng(path);
        JsonObject json = new()
        {
            ["file"] = path,
            ["count"] = rows.Count,
            ["seed"] = seed,
        };
        return new Result(json, $"{path}: {rows.Count} samples");
    }

    private static Result FromNoise(ModelSource source, ParseResult line, int pictures, string path)
    {
        int chains = Lines(line);
        source.Able<IChains>("show its chains").Trajectory(chains, pictures, line.GetValue(Seed)).SavePng(path, pictures);
        JsonObject json = new()
        {
            ["file"] = path,
            ["chains"] = chains,
            ["pictures"] = pictures,
            ["seed"] = line.GetValue(Seed),
        };
        return new Result(json, $"{path}: {chains} chains from noise, {pictures} pictures each");
    }

    private static Result Square(ModelSource source, int side, string path)
    {
        source.Able<ICodeSpace>("show its codes").Manifold(side).SavePng(path, side);
        return new Result(new JsonObject { ["file"] = path, ["side"] = side }, $"{path}: {side} by {side} codes");
    }

    private static Result Ways(ModelSource source, ParseResult line, int steps, string path)
    {
        DataSplits data = source.Data(line.GetValue(Data), line.GetValue(DataDir));
        DataRows rows = data.Test.Count > 0 ? data.Test : data.Train;
        int lines = Math.Min(Lines(line), rows.Count - 1);
        Interpolation way = line.GetValue(Spherical) ? Interpolation.Spherical : Interpolation.Linear;
        ICodeSpace space = source.Able<ICodeSpace>("show its codes");
        DataRows[] ways = [.. Enumerable.Range(0, lines).Select(i => space.Interpolate(rows[i], rows[i + 1], steps, way))];
        DataRows.Of([.. ways.SelectMany(rows => rows.Values.ToArray())], [.. rows.RowShape]).SavePng(path, steps);
        JsonObject json = new()
        {
            ["file"] = path,
            ["lines"] = lines,
            ["steps"] = steps,
            ["data"] = rows.Name,
        };
        return new Result(json, $"{path}: {lines} ways of {steps} steps between rows of {rows.Name}");
    }

    /// <summary>How many lines of pictures: 8 unless a count is given.</summary>
    private static int Lines(ParseResult line) => line.GetResult(Count) is { Implicit: false } ? line.GetValue(Count) : 8;
}
